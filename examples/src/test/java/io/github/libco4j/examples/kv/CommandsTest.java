package io.github.libco4j.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every command, and the replies to the byte. */
@ParameterizedClass
@EnumSource(Threads.class)
@Timeout(60)
final class CommandsTest {
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\n";
    private static final String NOT_AN_INTEGER = "-ERR value is not an integer or out of range\n";

    private final Threads threads;
    private RunningServer server;
    private RawClient client;

    CommandsTest(Threads threads) {
        this.threads = threads;
    }

    @BeforeEach
    void connect() throws IOException {
        server = new RunningServer(threads);
        client = server.connect();
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        client.close();
        server.close();
    }

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
    void setWithConditions() throws IOException {
        client.ask("SET", "a", "1", "XX").hears("$-1\n");
        client.ask("SET", "a", "1", "NX").hears("+OK\n");
        client.ask("SET", "a", "2", "nx").hears("$-1\n");
        client.ask("SET", "a", "2", "XX").hears("+OK\n");
        client.ask("SET", "a", "3", "GET").hears("$1\n2\n");
        client.ask("SET", "b", "1", "GET").hears("$-1\n");
        client.ask("SET", "a", "4", "NX", "GET").hears("$1\n3\n");
        client.ask("GET", "a").hears("$1\n3\n");
        client.ask("SET", "a", "1", "NX", "XX").hears("-ERR syntax error\n");
        client.ask("SET", "a", "1", "EX").hears("-ERR syntax error\n");
        client.ask("SET", "a", "1", "EX", "1", "PX", "1").hears("-ERR syntax error\n");
        client.ask("SET", "a", "1", "EX", "x").hears(NOT_AN_INTEGER);
        client.ask("SET", "a", "1", "EX", "0").hears("-ERR invalid expire time in 'set' command\n");
        client.ask("SET", "a", "1", "EX", "9223372036854775807").hears("-ERR invalid expire time in 'set' command\n");
    }

    @Test
    void severalStrings() throws IOException {
        client.ask("MSET", "a", "1", "b", "2").hears("+OK\n");
        client.ask("RPUSH", "list", "x").hears(":1\n");
        client.ask("MGET", "a", "none", "list", "b").hears("*4\n$1\n1\n$-1\n$-1\n$1\n2\n");
        client.ask("MSET", "a", "1", "b").hears("-ERR wrong number of arguments for 'mset' command\n");
    }

    @Test
    void counters() throws IOException {
        client.ask("INCR", "n").hears(":1\n");
        client.ask("INCRBY", "n", "41").hears(":42\n");
        client.ask("DECR", "n").hears(":41\n");
        client.ask("DECRBY", "n", "50").hears(":-9\n");
        client.ask("GET", "n").hears("$2\n-9\n");
        client.ask("INCRBY", "n", "1.5").hears(NOT_AN_INTEGER);
        client.ask("SET", "n", "007").hears("+OK\n");
        client.ask("INCR", "n").hears(NOT_AN_INTEGER);
        client.ask("SET", "n", "9223372036854775807").hears("+OK\n");
        client.ask("INCR", "n").hears("-ERR increment or decrement would overflow\n");
        client.ask("GET", "n").hears("$19\n9223372036854775807\n");
        client.ask("SET", "n", "-9223372036854775808").hears("+OK\n");
        client.ask("INCRBY", "n", "0").hears(":-9223372036854775808\n");
        client.ask("DECR", "n").hears("-ERR increment or decrement would overflow\n");
        client.ask("DECRBY", "n", "-9223372036854775808").hears("-ERR decrement would overflow\n");
        client.ask("INCRBY", "n", "9223372036854775808").hears(NOT_AN_INTEGER);
    }

    @Test
    void keys() throws IOException {
        client.ask("MSET", "a", "1", "b", "2").hears("+OK\n");
        client.ask("EXISTS", "a", "b", "a", "c").hears(":3\n");
        client.ask("DBSIZE").hears(":2\n");
        client.ask("DEL", "a", "c").hears(":1\n");
        client.ask("DBSIZE").hears(":1\n");
        client.ask("FLUSHDB").hears("+OK\n");
        client.ask("DBSIZE").hears(":0\n");
        client.ask("SET", "a", "1").hears("+OK\n");
        client.ask("FLUSHALL", "ASYNC").hears("+OK\n");
        client.ask("EXISTS", "a").hears(":0\n");
        client.ask("FLUSHALL", "NOW").hears("-ERR syntax error\n");
    }

    @Test
    void lists() throws IOException {
        client.ask("RPUSH", "l", "b", "c").hears(":2\n");
        client.ask("LPUSH", "l", "a", "z").hears(":4\n");
        client.ask("LRANGE", "l", "0", "-1").hears("*4\n$1\nz\n$1\na\n$1\nb\n$1\nc\n");
        client.ask("LRANGE", "l", "-2", "100").hears("*2\n$1\nb\n$1\nc\n");
        client.ask("LRANGE", "l", "3", "1").hears("*0\n");
        client.ask("LRANGE", "none", "0", "-1").hears("*0\n");
        client.ask("LPOP", "l").hears("$1\nz\n");
        client.ask("RPOP", "l", "2").hears("*2\n$1\nc\n$1\nb\n");
        client.ask("LPOP", "l", "9").hears("*1\n$1\na\n");
        client.ask("LPOP", "l").hears("$-1\n");
        client.ask("RPOP", "l", "1").hears("*-1\n");
        client.ask("EXISTS", "l").hears(":0\n");
        client.ask("LPOP", "l", "-1").hears("-ERR value is out of range, must be positive\n");
        client.ask("LRANGE", "l", "x", "1").hears(NOT_AN_INTEGER);
    }

    @Test
    void listsGrowAndWrap() throws IOException {
        for (int i = 0; i < 100; i++) {
            client.ask("RPUSH", "l", "r" + i).hears(":" + (i + 1) + "\n");
        }
        for (int i = 0; i < 60; i++) {
            client.ask("LPOP", "l").hears("$" + ("r" + i).length() + "\nr" + i + "\n");
            client.ask("RPUSH", "l", "s" + i).hears(":100\n");
        }
        client.ask("LRANGE", "l", "39", "40").hears("*2\n$3\nr99\n$2\ns0\n");
        client.ask("RPOP", "l").hears("$3\ns59\n");
    }

    @Test
    void sets() throws IOException {
        client.ask("SADD", "s", "a", "b", "a").hears(":2\n");
        client.ask("SADD", "s", "b").hears(":0\n");
        client.ask("SPOP", "s", "0").hears("*0\n");
        client.ask("SPOP", "s").hears("$1\n");
        client.readLine();
        client.ask("SPOP", "s", "5").hears("*1\n$1\n");
        client.readLine();
        client.ask("SPOP", "s").hears("$-1\n");
        client.ask("EXISTS", "s").hears(":0\n");
    }

    @Test
    void hashes() throws IOException {
        client.ask("HSET", "h", "f", "1", "g", "2").hears(":2\n");
        client.ask("HSET", "h", "f", "3").hears(":0\n");
        client.ask("HGET", "h", "f").hears("$1\n3\n");
        client.ask("HGET", "h", "none").hears("$-1\n");
        client.ask("HGET", "none", "f").hears("$-1\n");
        client.ask("EXISTS", "none").hears(":0\n");
        client.ask("HSET", "h", "f", "1", "g").hears("-ERR wrong number of arguments for 'hset' command\n");
    }

    @Test
    void sortedSets() throws IOException {
        client.ask("ZADD", "z", "2", "b", "1.5", "a", "2", "aa", "-inf", "first").hears(":4\n");
        client.ask("ZADD", "z", "3", "b").hears(":0\n");
        client.ask("ZPOPMIN", "z").hears("*2\n$5\nfirst\n$4\n-inf\n");
        client.ask("ZPOPMIN", "z", "10").hears("*6\n$1\na\n$3\n1.5\n$2\naa\n$1\n2\n$1\nb\n$1\n3\n");
        client.ask("ZPOPMIN", "z").hears("*0\n");
        client.ask("ZADD", "z", "1", "a", "x", "b").hears("-ERR value is not a valid float\n");
        client.ask("ZADD", "z", "NaN", "a").hears("-ERR value is not a valid float\n");
        client.ask("EXISTS", "z").hears(":0\n");
        client.ask("ZADD", "z", "1", "a", "2").hears("-ERR syntax error\n");
    }

    @Test
    void wrongTypesChangeNothing() throws IOException {
        client.ask("RPUSH", "l", "x").hears(":1\n");
        client.ask("GET", "l").hears(WRONG_TYPE);
        client.ask("INCR", "l").hears(WRONG_TYPE);
        client.ask("SADD", "l", "x").hears(WRONG_TYPE);
        client.ask("SET", "l", "x", "GET").hears(WRONG_TYPE);
        client.ask("LRANGE", "l", "0", "-1").hears("*1\n$1\nx\n");
        client.ask("SET", "l", "now a string").hears("+OK\n");
        client.ask("LPOP", "l").hears(WRONG_TYPE);
        client.ask("HGET", "l", "f").hears(WRONG_TYPE);
        client.ask("ZPOPMIN", "l").hears(WRONG_TYPE);
    }

    @Test
    void theConnectionItself() throws IOException {
        client.ask("SELECT", "0").hears("+OK\n");
        client.ask("SELECT", "1").hears("-ERR DB index is out of range\n");
        client.ask("CLIENT", "SETINFO", "LIB-NAME", "test").hears("+OK\n");
        client.ask("CLIENT", "GETNAME").hears("$0\n\n");
        client.ask("CLIENT", "SETNAME", "me").hears("+OK\n");
        client.ask("CLIENT", "GETNAME").hears("$2\nme\n");
        client.ask("CLIENT", "ID");
        assertThat(client.readLine()).matches(":[1-9][0-9]*");
        client.ask("QUIT").hears("+OK\n").hearsEnd();
    }

    @Test
    void theServer() throws IOException {
        client.ask("CONFIG", "GET", "save").hears("*2\n$4\nsave\n$0\n\n");
        client.ask("CONFIG", "GET", "appendonly").hears("*2\n$10\nappendonly\n$2\nno\n");
        client.ask("CONFIG", "GET", "other").hears("*0\n");
        client.ask("CONFIG", "SET", "a", "b").hears("-ERR CONFIG knows only GET and one parameter\n");
        client.ask("COMMAND", "DOCS").hears("*0\n");
        client.ask("COMMAND", "COUNT");
        assertThat(client.readLine()).matches(":[1-9][0-9]*");
        client.ask("INFO");
        assertThat(client.readLine()).startsWith("$");
        assertThat(client.readLine()).isEqualTo("# Server");
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
