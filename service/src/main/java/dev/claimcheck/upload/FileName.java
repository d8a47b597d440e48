package dev.claimcheck.upload;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** A file's name as its user wrote it, without folders. It is a label for people and never part of a path. */
public record FileName(String text) {
    private static final int MOST_BYTES = 1_000;
    private static final int MOST_CHARACTERS = 255;

    /**
     * The name in {@code given}: its last path segment, in Unicode NFC.
     *
     * @throws InvalidFileNameException when it is empty, too long or holds control characters
     */
    public static FileName of(String given) {
        if (given.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new InvalidFileNameException(
                    "The file name is longer than " + MOST_CHARACTERS + " characters. Give it a shorter one.");
        }
        String segment = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        String name = Normalizer.normalize(segment, Normalizer.Form.NFC).strip();
        if (name.isEmpty() || name.chars().allMatch(letter -> letter == '.')) {
            throw new InvalidFileNameException("The upload has no file name. Say it with ?filename=holiday.mp4.");
        }
        if (name.codePoints().anyMatch(letter -> Character.isISOControl(letter) || letter == 0xFFFD)) {
            throw new InvalidFileNameException(
                    "The file name holds control characters or bytes that are no text. Rename the file.");
        }
        if (name.length() > MOST_CHARACTERS) {
            throw new InvalidFileNameException(
                    "The file name is longer than " + MOST_CHARACTERS + " characters. Give it a shorter one.");
        }
        return new FileName(name);
    }
}
