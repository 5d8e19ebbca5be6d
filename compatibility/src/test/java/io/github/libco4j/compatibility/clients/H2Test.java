package io.github.libco4j.compatibility.clients;

import com.zaxxer.hikari.SQLExceptionOverride;
import io.github.libco4j.compatibility.Row;
import io.github.libco4j.workbench.process.JavaCommand;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** H2 in this process, and as a server of its own. */
@Timeout(240)
final class H2Test {
    static final Row EMBEDDED = row("none: a file of this process, which crashes and is locked");
    static final Row SERVER = row("H2's TCP server");

    private static final Set<Integer> LOST =
            Set.of(ErrorCode.CONNECTION_BROKEN_1, ErrorCode.DATABASE_IS_CLOSED, ErrorCode.DATABASE_CALLED_AT_SHUTDOWN);

    @TempDir
    private Path directory;

    private static Row row(String server) {
        return Pool.row("H2", "h2", server, Pool.ASKED,
                "an `SQLExceptionOverride` that evicts on 90067, 90098 and 90121, codes of H2 that HikariCP does not know: it would keep "
                        + "handing out connections that are broken");
    }

    @Test
    void itsFileIsTakenAway() throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("data");
        Pool.stands(EMBEDDED, new LockedFile(url, directory.resolve("data.mv.db")), evicting(url));
    }

    @Test
    void itsServerIsKilled() throws Exception {
        int port = ServerProcess.freePort();
        List<String> arguments =
                List.of("-tcp", "-tcpPort", Integer.toString(port), "-ifNotExists", "-baseDir", directory.toString());
        try (var server = new NativeServer(port, JavaCommand.of(List.of(), Server.class, arguments))) {
            Pool.stands(SERVER, server, evicting("jdbc:h2:tcp://127.0.0.1:" + port + "/./data"));
        }
    }

    private static Pool.Settings evicting(String url) {
        return (config, patience) -> {
            config.setJdbcUrl(url);
            config.setExceptionOverride(new Lost());
        };
    }

    /** The pool does not know these codes of H2's. */
    private static final class Lost implements SQLExceptionOverride {
        @java.lang.Override
        public SQLExceptionOverride.Override adjudicate(SQLException failure) {
            return LOST.contains(failure.getErrorCode()) ? SQLExceptionOverride.Override.MUST_EVICT
                    : SQLExceptionOverride.Override.CONTINUE_EVICT;
        }
    }

    /** What can happen to a database that is in the same process: it crashes, and its file is somebody else's for a time. */
    private static final class LockedFile implements ClientTrial.Server {
        private final String url;
        private final Path file;
        private FileChannel other;

        LockedFile(String url, Path file) {
            this.url = url;
            this.file = file;
        }

        @Override
        public void kill() throws IOException {
            other = FileChannel.open(file, StandardOpenOption.WRITE);
            boolean locked = false;
            while (!locked) { // The pool may open it again before we have it.
                try (var connection = DriverManager.getConnection(url);
                        var crash = connection.createStatement()) {
                    crash.execute("shutdown immediately");
                } catch (SQLException closed) {
                    // That is what was asked for.
                }
                try {
                    locked = other.tryLock() != null;
                } catch (OverlappingFileLockException tooLate) {
                    locked = false;
                }
            }
        }

        @Override
        public void start() throws IOException {
            other.close();
        }
    }
}
