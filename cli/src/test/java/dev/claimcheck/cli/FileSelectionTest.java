package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSelectionTest {
    @TempDir
    Path folder;

    @Test
    void ofAFolderTheMediaAreTakenInOrder() throws IOException {
        for (String name : List.of(
                "b.MP4", "a/x.mov", "a/notes.txt", "a/.hidden.mp4", ".trash/y.mp4", "c.tar.gz", "mp4", "z.m4a")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }

        FileSelection selection = FileSelection.of(List.of(folder));

        assertThat(selection.foldersNamed()).isTrue();
        assertThat(selection.files())
                .containsExactly(folder.resolve("a/x.mov"), folder.resolve("b.MP4"), folder.resolve("z.m4a"));
    }

    @Test
    void whatIsNamedIsMeantWhateverItIs() {
        FileSelection selection = FileSelection.of(List.of(Path.of("notes.txt"), Path.of("nowhere.mp4")));
        assertThat(selection.foldersNamed()).isFalse();
        assertThat(selection.files()).containsExactly(Path.of("notes.txt"), Path.of("nowhere.mp4"));
    }
}
