package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.Coroutine;
import io.github.libco4j.compatibility.Row;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS by the JDK's sockets. Both sides are coroutines, of two loops. */
@Timeout(240)
final class TlsTest {
    static final Row ROW = new Row(
            "SSLSocket and SSLServerSocket", "JDK " + Row.version("java"), "each other, on another loop",
            "an echo, each on a new connection; renegotiation (TLS 1.2), new keys (1.3), half-close, resumption, client certificates", "");

    private static TlsIdentity identity;

    private SSLContext context;
    private TlsEchoServer server;
    private ClientTrial trial;

    @BeforeAll
    static void make(@TempDir Path directory) throws Exception {
        identity = TlsIdentity.create(directory);
    }

    @BeforeEach
    void begin() throws Exception {
        context = identity.context();
        server = new TlsEchoServer(context);
        trial = new ClientTrial(ROW);
    }

    @AfterEach
    void end() {
        trial.close();
        server.kill();
    }

    @Tag("full")
    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        ClientTrial.Question question = (coroutine, turn) -> {
            try (SSLSocket socket = connect(context, "TLSv1.3")) {
                echo(socket, "question " + coroutine + " " + turn);
            }
        };
        trial.steady(3, question);
        trial.killed(server, question, IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aHandshakeInTheMiddle(String protocol) throws Exception {
        trial.onLoop(() -> {
            try (var below = new CountingSocket(server.port());
                    var socket = (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", server.port(), true)) {
                socket.setEnabledProtocols(new String[] {protocol});
                echo(socket, "before");
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                var handshakes = new Semaphore(0);
                socket.addHandshakeCompletedListener(event -> handshakes.release());
                for (int i = 0; i < 5; i++) {
                    long written = below.written;
                    socket.startHandshake(); // TLS 1.2 renegotiates; TLS 1.3 changes its keys, and asks for new ones.
                    assertThat(below.written).as("bytes written").isGreaterThan(written);
                    echo(socket, "after " + i);
                }
                if (protocol.equals("TLSv1.2")) { // New keys are no handshake, and nobody is told of them.
                    assertThat(handshakes.tryAcquire(5, 60, TimeUnit.SECONDS)).as("renegotiated").isTrue();
                }
            }
        });
    }

    @Test
    void keysChangeWhileOneCoroutineWritesAndAnotherReads() throws Exception {
        String block = "x".repeat(60_000);
        int blocks = 50;
        trial.onLoop(() -> {
            try (SSLSocket socket = connect(context, "TLSv1.3")) {
                echo(socket, "before");
                Coroutine writer = trial.loop().spawn("writer", () -> {
                    var out = new DataOutputStream(socket.getOutputStream());
                    for (int i = 0; i < blocks; i++) {
                        out.writeUTF(block);
                        socket.startHandshake();
                    }
                });
                var in = new DataInputStream(socket.getInputStream());
                for (int i = 0; i < blocks; i++) {
                    assertThat(in.readUTF()).isEqualTo(block);
                }
                writer.join();
            }
        });
    }

    @Test
    void halfAConnectionIsClosed() throws Exception {
        trial.onLoop(() -> {
            try (SSLSocket socket = connect(context, "TLSv1.3")) {
                new DataOutputStream(socket.getOutputStream()).writeUTF("last words");
                socket.shutdownOutput();
                var in = new DataInputStream(socket.getInputStream());
                assertThat(in.readUTF()).isEqualTo("last words");
                assertThat(in.readUTF()).as("written after the end was read").isEqualTo(TlsEchoServer.FAREWELL);
                assertThat(in.read()).as("end").isEqualTo(-1);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionIsResumed(String protocol) throws Exception {
        trial.onLoop(() -> {
            long first = 0;
            for (int i = 0; i < 3; i++) {
                try (SSLSocket socket = connect(context, protocol)) {
                    echo(socket, "question");
                    first = i == 0 ? socket.getSession().getCreationTime() : first;
                    assertThat(socket.getSession().getCreationTime()).as("begin of session").isEqualTo(first);
                }
                Thread.sleep(5); // A new session would have begun later.
            }
        });
    }

    @Test
    void clientsShowCertificates() throws Exception {
        SSLContext without = SSLContext.getInstance("TLS");
        without.init(null, new TrustManager[] {identity.trust()}, null);
        trial.onLoop(() -> {
            try (SSLSocket socket = connect(context, "TLSv1.3")) {
                assertThat(ask(socket, TlsEchoServer.WHO)).isEqualTo("CN=localhost");
            }
            try (SSLSocket socket = connect(without, "TLSv1.3")) {
                assertThatThrownBy(() -> {
                    socket.startHandshake(); // It may be over for the client before the server has seen what is missing.
                    socket.getInputStream().read();
                }).isInstanceOf(SSLException.class);
            }
        });
    }

    private SSLSocket connect(SSLContext by, String protocol) throws IOException {
        var socket = (SSLSocket) by.getSocketFactory().createSocket("localhost", server.port());
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    private static void echo(SSLSocket socket, String line) throws IOException {
        assertThat(ask(socket, line)).isEqualTo(line);
    }

    private static String ask(SSLSocket socket, String line) throws IOException {
        new DataOutputStream(socket.getOutputStream()).writeUTF(line);
        return new DataInputStream(socket.getInputStream()).readUTF();
    }

    /** Knows how many bytes have been written to it. */
    private static final class CountingSocket extends Socket {
        private long written;

        CountingSocket(int port) throws IOException {
            connect(ServerProcess.local(port));
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    written += length;
                    out.write(bytes, offset, length);
                }
            };
        }
    }
}
