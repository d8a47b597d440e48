package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.client.UploadJournal.Entry;
import dev.claimcheck.client.UploadJournal.Page;
import dev.claimcheck.client.UploadJournal.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadJournalTest {
    private static final Instant MODIFIED = Instant.parse("2026-11-24T10:15:30.123456789Z");
    private static final Subject FILM =
            new Subject("http://127.0.0.1:8080", Path.of("/films/a.mp4"), "a.mp4", 1_000, MODIFIED, "");
    private static final Entry BEGUN = new Entry(UploadWay.TUS, "key-1", Optional.of("upload-1"));

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private UploadJournal journal = new FileUploadJournal(folder);

    @BeforeEach
    void makeJournal() {
        folder = temporary.resolve("state/uploads");
        journal = UploadJournal.inFolder(folder);
    }

    @Test
    void whatIsWrittenIsReadByTheNextRun() {
        assertThat(read(FILM)).isEmpty();

        write(FILM, BEGUN);
        assertThat(read(FILM)).contains(BEGUN);

        Entry unanswered = new Entry(UploadWay.CHUNKED, "key-2", Optional.empty());
        write(FILM, unanswered);
        assertThat(read(FILM)).contains(unanswered);
    }

    @Test
    void nothingIsLeftOfAnUploadThatHasEnded() throws IOException {
        try (Page page = journal.open(FILM)) {
            page.write(BEGUN);
            page.clear();
        }

        assertThat(read(FILM)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void aChangedFileIsAnotherUpload() {
        write(FILM, BEGUN);

        assertThat(read(new Subject(FILM.server(), FILM.file(), FILM.filename(), 1_001, MODIFIED, "")))
                .isEmpty();
        assertThat(read(new Subject(FILM.server(), FILM.file(), FILM.filename(), 1_000, MODIFIED.plusNanos(1), "")))
                .isEmpty();
        assertThat(read(FILM)).contains(BEGUN);
    }

    @Test
    void otherServersFilesAndNamesHaveTheirOwnPages() {
        write(FILM, BEGUN);
        Subject elsewhere = new Subject("https://video.example.org", FILM.file(), FILM.filename(), 1_000, MODIFIED, "");
        write(elsewhere, new Entry(UploadWay.CHUNKED, "key-2", Optional.of("upload-2")));

        assertThat(read(new Subject(FILM.server(), Path.of("/films/b.mp4"), FILM.filename(), 1_000, MODIFIED, "")))
                .isEmpty();
        assertThat(read(new Subject(FILM.server(), FILM.file(), FILM.filename(), 1_000, MODIFIED, "{clip_end=5}")))
                .as("another clip of it")
                .isEmpty();
        assertThat(read(new Subject(FILM.server(), FILM.file(), "b.mp4", 1_000, MODIFIED, "")))
                .isEmpty();
        assertThat(read(FILM)).contains(BEGUN);
        assertThat(read(elsewhere).orElseThrow().uploadId()).contains("upload-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1]",
                "null",
                "{\"version\":1}",
                "{\"version\":2,\"way\":\"TUS\"}",
                "\u0000\u0000\u0000"
            })
    void aDamagedPageIsAnEmptyOne(String content) throws IOException {
        write(FILM, BEGUN);
        Files.writeString(page(), content);

        assertThat(read(FILM)).isEmpty();
        write(FILM, BEGUN);
        assertThat(read(FILM)).contains(BEGUN);
    }

    @Test
    void bytesThatAreNoTextAreAnEmptyPage() throws IOException {
        write(FILM, BEGUN);
        Files.write(page(), new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0x80});

        assertThat(read(FILM)).isEmpty();
    }

    @Test
    void onlyTheUserMayReadIt() throws IOException {
        write(FILM, BEGUN);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void oneAtATimeHasAPageOpen() {
        try (Page open = journal.open(FILM)) {
            open.write(BEGUN);
            assertThatThrownBy(() -> journal.open(FILM))
                    .isInstanceOfSatisfying(
                            ClaimcheckException.class,
                            e -> assertThat(e.code()).isEqualTo(ClaimcheckException.UPLOAD_IN_PROGRESS));
            Subject other = new Subject(FILM.server(), FILM.file(), "b.mp4", 1_000, MODIFIED, "");
            assertThat(read(other)).isEmpty();
        }

        assertThat(read(FILM)).contains(BEGUN);
    }

    @Test
    void aPageThatSomebodyElseClosesMeanwhileIsNotHadTwice() throws IOException {
        Page first = journal.open(FILM);
        Path lock = files().getFirst();
        first.close();
        assertThat(lock).doesNotExist();

        try (Page second = journal.open(FILM)) {
            second.write(BEGUN);
            assertThat(lock).exists();
        }
    }

    @Test
    void itLiesWhereTheUsersStateBelongs() {
        Path home = Path.of("/home/ada");

        assertThat(FileUploadJournal.userFolder(Map.of("XDG_STATE_HOME", "/var/state"), home))
                .isEqualTo(Path.of("/var/state/claimcheck/uploads"));
        assertThat(FileUploadJournal.userFolder(Map.of(), home))
                .isEqualTo(Path.of("/home/ada/.local/state/claimcheck/uploads"));
        assertThat(FileUploadJournal.userFolder(Map.of("XDG_STATE_HOME", "relative"), home))
                .isEqualTo(Path.of("/home/ada/.local/state/claimcheck/uploads"));
    }

    private Optional<Entry> read(Subject subject) {
        try (Page page = journal.open(subject)) {
            return page.read();
        }
    }

    private void write(Subject subject, Entry entry) {
        try (Page page = journal.open(subject)) {
            page.write(entry);
        }
    }

    private Path page() throws IOException {
        return files().getFirst();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
