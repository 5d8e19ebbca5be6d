package io.github.libco4j.examples.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** Speaks bytes, a character each. Lines in its texts end with {@code \n}, which goes over the wire as {@code \r\n}. */
final class RawClient implements AutoCloseable {
    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
    }

    /** Sends exactly this. */
    RawClient sendRaw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return this;
    }

    /** Sends this with wire line ends. */
    RawClient send(String text) throws IOException {
        return sendRaw(text.replace("\n", "\r\n"));
    }

    /** Sends a request as an array. */
    RawClient ask(String... arguments) throws IOException {
        return send(request(arguments));
    }

    static String request(String... arguments) {
        var text = new StringBuilder("*" + arguments.length + "\n");
        for (String argument : arguments) {
            text.append('$').append(argument.length()).append('\n').append(argument).append('\n');
        }
        return text.toString();
    }

    /** Reads as many bytes as are expected and compares. */
    RawClient hears(String text) throws IOException {
        String expected = text.replace("\n", "\r\n");
        byte[] heard = socket.getInputStream().readNBytes(expected.length());
        assertThat(new String(heard, ISO_8859_1)).isEqualTo(expected);
        return this;
    }

    void hearsEnd() throws IOException {
        assertThat(socket.getInputStream().read()).as("the server's end of the stream").isEqualTo(-1);
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
