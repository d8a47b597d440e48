package dev.claimcheck.media;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/** The last lines of a program's error output, and which of them explains a failure. Thread-safe. */
final class ErrorOutput {
    private static final int MOST_LINES = 200;
    private static final int MOST_CHARACTERS = 500;
    private static final int TAIL_LINES = 40;
    private static final int TAIL_CHARACTERS = 6_000;
    private static final Pattern ADDRESS = Pattern.compile(" @ 0x[0-9a-f]+");
    private static final Pattern PATH = Pattern.compile("(?<![\\w.])/(?:[\\w.@+-]+/)+[\\w.@+-]*");
    /** Lines that say that it failed, not why. */
    private static final Pattern EMPTY_WORDS = Pattern.compile(
            "(?i)conversion failed|last message repeated|error while decoding stream|task finished with error|terminating thread|exiting normally|"
                    + "error opening input files?:|error opening output files?:|nothing was written into output|error sending frames|received no packets|http error 416|^\\s*$");

    private static final Pattern TELLING = Pattern.compile(
            "(?i)invalid|error|not found|could not|cannot|unsupported|failed|corrupt|no such|no space|truncat|unknown|partial|does not");

    /** What ffmpeg's network layers say of a source that does not answer; 416 is the answer to a seek behind the end. */
    private static final Pattern NETWORK = Pattern.compile(
            "^\\[(?:https?|tls|tcp) @ .*(?:ends prematurely|Error reading HTTP response|failed|HTTP error (?!416)|[Tt]imed out|SSL)");

    /** It follows every trouble but the one that is given up on. */
    private static final Pattern TRIED_AGAIN = Pattern.compile("^\\[https? @ .*Will reconnect");

    /** What a demuxer says when its input broke off; ffmpeg then ends what it has as if all were well. */
    private static final Pattern BROKEN_OFF = Pattern.compile("Error during demuxing:|partial file");

    /** Names and tags come from the file; a terminal that shows them must not obey them. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private static final Pattern URL = Pattern.compile("https?://\\S+");

    private final Deque<String> lines = new ArrayDeque<>();
    private boolean networkTrouble;
    private boolean givenUp;
    private boolean brokenOff;

    synchronized void add(String line) {
        if (TRIED_AGAIN.matcher(line).find()) {
            networkTrouble = true;
            givenUp = false;
        } else if (NETWORK.matcher(line).find()) {
            networkTrouble = true;
            givenUp = true;
        }
        brokenOff |= BROKEN_OFF.matcher(line).find();
        lines.addLast(line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) : line);
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    synchronized boolean mentions(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    synchronized boolean hadNetworkTrouble() {
        return networkTrouble;
    }

    /** Whether a source behind a URL was lost: given up on, or read on as if at its end. What was tried again and then came is not lost. */
    synchronized boolean lostItsInput() {
        return givenUp || (networkTrouble && brokenOff);
    }

    /** How a process ended that said this, by its exit code. */
    synchronized ProcessResult.Ending ending(int exit) {
        if (exit == 128 + 25) { // SIGXFSZ
            return ProcessResult.Ending.OUTPUT_TOO_LARGE;
        }
        if (exit == 128 + 24) { // SIGXCPU
            return ProcessResult.Ending.TOO_DEMANDING;
        }
        if (lostItsInput()) {
            return ProcessResult.Ending.INPUT_LOST; // whatever the exit code: ffmpeg ends a broken input with 0
        }
        if (mentions("Error during demuxing: Cannot allocate memory")) {
            return ProcessResult.Ending.TOO_DEMANDING; // And so does one that grew too large for its memory.
        }
        if (exit == 0) {
            return ProcessResult.Ending.SUCCESS;
        }
        if (mentions("No space left on device")) {
            return ProcessResult.Ending.DISK_FULL;
        }
        if (mentions("Cannot allocate memory") || mentions("bad_alloc")) {
            return ProcessResult.Ending.TOO_DEMANDING;
        }
        if (mentions("pthread_create() failed")) {
            return ProcessResult.Ending
                    .KILLED; // For want of memory or of the machine's processes; which, it does not say.
        }
        boolean ownCrash = exit == 128 + 11
                || exit == 128 + 6
                || exit == 128 + 8
                || exit == 128 + 4
                || exit == 128 + 7; // SEGV, ABRT, FPE, ILL, BUS: the input did that
        boolean killed = exit > 128 && exit < 160 && !ownCrash;
        return killed ? ProcessResult.Ending.KILLED : ProcessResult.Ending.ERROR;
    }

    /** The first line that tells a cause; else the last one that says anything. */
    synchronized String usefulLine() {
        List<String> saying = lines.stream()
                .filter(line -> !EMPTY_WORDS.matcher(line).find())
                .map(ErrorOutput::cleaned)
                .toList();
        return saying.stream()
                .filter(line -> TELLING.matcher(line).find())
                .findFirst()
                .orElseGet(() -> saying.isEmpty() ? "" : saying.getLast());
    }

    /** Its last lines, for people to read; cleaned as {@link #usefulLine} is. */
    synchronized String tail() {
        Deque<String> tail = new ArrayDeque<>();
        int characters = 0;
        for (Iterator<String> upwards = lines.descendingIterator(); upwards.hasNext() && tail.size() < TAIL_LINES; ) {
            String line = cleaned(upwards.next());
            characters += line.length() + 1;
            if (characters > TAIL_CHARACTERS) {
                break;
            }
            if (!line.isEmpty()) {
                tail.addFirst(line);
            }
        }
        return String.join("\n", tail);
    }

    private static String cleaned(String line) {
        String plain = URL.matcher(ADDRESS.matcher(line).replaceAll("")).replaceAll("the source");
        return CONTROL.matcher(PATH.matcher(plain).replaceAll("the file"))
                .replaceAll(" ")
                .strip();
    }
}
