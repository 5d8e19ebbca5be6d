package io.github.libco4j.compatibility.servers;

import io.github.libco4j.compatibility.Row;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every web server has to stand. */
@Timeout(240)
abstract class WebServerTests {
    private final Row row;
    private final ServerTrial.Start start;

    @TempDir
    private Path directory;

    private ServerTrial trial;

    WebServerTests(Row row, ServerTrial.Start start) {
        this.row = row;
        this.start = start;
    }

    final ServerTrial trial() {
        return trial;
    }

    @BeforeEach
    void begin() throws Exception {
        trial = new ServerTrial(row, directory, start);
    }

    @AfterEach
    void close() throws Exception {
        trial.close();
    }

    @Test
    void hundredsOfConnections() throws Exception {
        trial.keepAlive(500);
    }

    @Test
    @Tag("full")
    void thousandsOfConnections() throws Exception {
        trial.keepAlive(5000);
    }

    @Test
    void files() throws Exception {
        trial.files();
    }

    @Test
    void slowReaders() throws Exception {
        trial.slowReaders("/application/large");
    }

    @Test
    void slowReadersOfFiles() throws Exception {
        trial.slowReaders("/files/large.bin");
    }

    @Test
    void stop() throws Exception {
        trial.stops();
    }

    /** And what one has to stand that has sessions, uploads and WebSockets. */
    abstract static class WithAll extends WebServerTests {
        WithAll(Row row, ServerTrial.Start start) {
            super(row, start);
        }

        @Test
        void sessions() throws Exception {
            trial().sessions();
        }

        @Test
        void uploads() throws Exception {
            trial().uploads();
        }

        @Test
        void webSockets() throws Exception {
            trial().webSockets();
        }
    }
}
