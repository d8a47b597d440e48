package dev.claimcheck.e2e;

import java.util.Arrays;
import java.util.Random;

/** Damages a file as disks, networks and people do. The same seed gives the same damage. */
final class Mutations {
    /** Indexes and headers lie here: damage there goes deepest. */
    private static final int HEAD = 1024;

    private Mutations() {}

    static byte[] of(byte[] whole, Random random) {
        byte[] damaged = whole.clone();
        for (int strokes = 1 + random.nextInt(3); strokes > 0 && damaged.length > 16; strokes--) {
            damaged = stroke(damaged, random);
        }
        return damaged;
    }

    private static byte[] stroke(byte[] bytes, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
            case 1 -> swapped(bytes, random);
            case 2 -> overwritten(bytes, random);
            case 3 -> without(bytes, random);
            case 4 -> withNumber(bytes, random);
            default -> flipped(bytes, random);
        };
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        int range = random.nextBoolean() ? Math.min(HEAD, bytes.length) : bytes.length;
        for (int flips = 1 + random.nextInt(40); flips > 0; flips--) {
            bytes[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** Extreme numbers where sizes, counts and times may stand. */
    private static byte[] withNumber(byte[] bytes, Random random) {
        int[] extremes = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 24, 0xFFFF};
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int range = random.nextBoolean() ? Math.min(HEAD, bytes.length) : bytes.length;
            int at = random.nextInt(range - 4);
            int number = extremes[random.nextInt(extremes.length)];
            for (int index = 0; index < 4; index++) {
                bytes[at + index] = (byte) (number >>> (24 - 8 * index));
            }
        }
        return bytes;
    }

    private static byte[] swapped(byte[] bytes, Random random) {
        int length = 1 + random.nextInt(bytes.length / 4);
        int one = random.nextInt(bytes.length - length);
        int other = random.nextInt(bytes.length - length);
        byte[] result = bytes.clone();
        System.arraycopy(bytes, one, result, other, length);
        System.arraycopy(bytes, other, result, one, length);
        return result;
    }

    private static byte[] overwritten(byte[] bytes, Random random) {
        int length = 1 + random.nextInt(Math.min(512, bytes.length / 2));
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, random.nextInt(bytes.length - length), length);
        return bytes;
    }

    private static byte[] without(byte[] bytes, Random random) {
        int length = 1 + random.nextInt(bytes.length / 4);
        int from = random.nextInt(bytes.length - length);
        byte[] result = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(bytes, from + length, result, from, bytes.length - from - length);
        return result;
    }
}
