package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every command, and the replies to the byte. */
final class CommandsTest extends ServerTest {
    private static final String NOT_AN_INTEGER = "-ERR value is not an integer or out of range\n";

    @Test
    void pingAndEcho() throws IOException {
        client.ask("PING").hears("+PONG\n");
        client.ask("ping", "hi").hears("$2\nhi\n");
        client.ask("ECHO", "").hears("$0\n\n");
        client.ask("PING", "a", "b").hears("-ERR wrong number of arguments for 'ping' command\n");
    }

    @Test
    void setAndGet() throws IOException {
        client.ask("GET", "a").hears("$-1\n");
        client.sendRaw("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\n1\r\n\0\r\n").hears("+OK\n");
        client.ask("GET", "a").hears("$4\n1\n\0\n");
        client.ask("set", "a", "2").hears("+OK\n");
        client.ask("gEt", "a").hears("$1\n2\n");
    }

    @Test
    void counters() throws IOException {
        client.ask("INCR", "n").hears(":1\n");
        client.ask("GET", "n").hears("$1\n1\n");
        client.ask("SET", "n", "-9").hears("+OK\n");
        client.ask("INCR", "n").hears(":-8\n");
        for (String text : List.of("007", "1.5", "", "+1", " 1", "9223372036854775808")) {
            client.ask("SET", "n", text).hears("+OK\n");
            client.ask("INCR", "n").hears(NOT_AN_INTEGER);
        }
        client.ask("SET", "n", "9223372036854775807").hears("+OK\n");
        client.ask("INCR", "n").hears("-ERR increment or decrement would overflow\n");
        client.ask("GET", "n").hears("$19\n9223372036854775807\n");
    }

    @Test
    void keys() throws IOException {
        client.ask("SET", "a", "1").hears("+OK\n");
        client.ask("DEL", "a").hears(":1\n");
        client.ask("DEL", "a").hears(":0\n");
        client.ask("GET", "a").hears("$-1\n");
    }

    @Test
    void theConnectionItself() throws IOException {
        client.ask("CLIENT", "SETINFO", "LIB-NAME", "test").hears("+OK\n");
        client.ask("QUIT").hears("+OK\n").hearsEnd();
    }

    @Test
    void helloIsUnknownAsInRedis5() throws IOException {
        client.ask("HELLO", "3").hears("-ERR unknown command 'HELLO', with args beginning with: '3' \n");
        client.ask("PING").hears("+PONG\n");
    }

    @Test
    void errorsStayOnOneLine() throws IOException {
        client.sendRaw("*2\r\n$4\r\na\r\nb\r\n$3\r\nx\ny\r\n");
        client.hears("-ERR unknown command 'a  b', with args beginning with: 'x y' \n");
        client.ask("PING").hears("+PONG\n");
    }

    @Test
    void wrongArity() throws IOException {
        client.ask("GET").hears("-ERR wrong number of arguments for 'get' command\n");
        client.ask("GET", "a", "b").hears("-ERR wrong number of arguments for 'get' command\n");
        client.ask("SET", "a").hears("-ERR wrong number of arguments for 'set' command\n");
        client.ask("DEL").hears("-ERR wrong number of arguments for 'del' command\n");
        client.ask("PING").hears("+PONG\n");
    }
}
