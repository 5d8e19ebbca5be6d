package io.github.libco4j.examples.libco;

import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.Range;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows many connections from few threads: on each of LOOPS loops CONNECTIONS coroutines send 8 bytes to an echo
 * server, read them back, compare them, and begin again. Prints every second how many exchanges succeeded and failed.
 * One that failed, or took more than a second, is tried again on a new connection 100 ms later. Runs for SECONDS if
 * given, else until it is interrupted.
 *
 * <p>Answers example_echocli.cpp, which forks processes that print a line each, and tries again at once.
 */
@Command(name = "echocli", description = "a load for it, counted every second")
public final class EchoClient implements Program {
    private static final byte[] MESSAGE = "deadbeef".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_MILLIS = 1_000;

    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    @Parameters(paramLabel = "IP")
    private String ip = "";

    @Parameters(paramLabel = "PORT")
    @Range(least = 1, most = 65_535)
    private int port;

    @Parameters(paramLabel = "CONNECTIONS")
    @Range(least = 1, most = 1_000_000)
    private int connections;

    @Parameters(paramLabel = "LOOPS")
    @Range(least = 1, most = 1_000)
    private int count;

    @Parameters(paramLabel = "SECONDS", defaultValue = "2147483647")
    @Range(least = 1, most = Integer.MAX_VALUE)
    private int seconds;

    @Override
    public void run() throws Exception {
        InetSocketAddress server = new InetSocketAddress(ip, port);
        List<EventLoop> loops = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> loops.forEach(EventLoop::close)));
        for (int i = 0; i < count; i++) {
            EventLoop loop = EventLoop.builder().name("loop-" + i).start();
            loops.add(loop);
            for (int j = 0; j < connections; j++) {
                loop.spawn("echo-" + j, () -> exchangeForEver(server));
            }
        }
        for (int second = 0; second < seconds; second++) {
            Thread.sleep(1_000);
            System.out.println("time " + System.currentTimeMillis() / 1_000 + " Succ Cnt "
                    + succeeded.sumThenReset() + " Fail Cnt " + failed.sumThenReset());
        }
        loops.forEach(EventLoop::close);
    }

    private void exchangeForEver(InetSocketAddress server) throws InterruptedException {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(server, PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                while (true) {
                    socket.getOutputStream().write(MESSAGE);
                    if (!Arrays.equals(socket.getInputStream().readNBytes(MESSAGE.length), MESSAGE)) {
                        throw new IOException("not what was sent");
                    }
                    succeeded.increment();
                }
            } catch (IOException e) {
                failed.increment();
            }
            Thread.sleep(100); // Also where closing ends it, by an interrupt.
        }
    }
}
