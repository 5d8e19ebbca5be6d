package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything at once, at random: connects, requests, half-closes, resets, timeouts, interrupts, and closes of sockets and
 * coroutines, by coroutines of two loops and by foreign threads. {@code -Dlibco4j.soak.seconds=N} for how long,
 * {@code -Dlibco4j.soak.seed=N} for the same choices again.
 */
@Tag("readiness")
class SoakTest {
    private static final long SECONDS = Long.getLong("libco4j.soak.seconds", 10);
    private static final long SEED = Long.getLong("libco4j.soak.seed", System.nanoTime());
    private static final int CLIENTS = 60;

    /** What a client does with its connection, or has done to it. */
    private enum Plan {
        ASK,
        ASK_SLOWLY,
        HALF_CLOSE,
        RESET,
        TIME_OUT,
        BE_INTERRUPTED,
        HAVE_SOCKET_CLOSED,
        BE_CLOSED,
        LEAVE
    }

    /** What foreign threads do to clients. */
    private final Queue<Runnable> disturbances = new ConcurrentLinkedQueue<>();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong disturbed = new AtomicLong();
    private final long end = System.nanoTime() + SECONDS * 1_000_000_000;
    private volatile boolean clientsHaveEnded;

    @Test
    @Timeout(600)
    void nothingIsLostAndNothingIsLeftOver() throws Exception {
        System.out.println("soak of " + SECONDS + " s, -Dlibco4j.soak.seed=" + SEED);
        List<String> before = Descriptors.forIo();
        EventLoop[] loops = {
            EventLoop.builder().name("soak-0").start(), EventLoop.builder().name("soak-1").start()
        };
        List<Coroutine> clients = new ArrayList<>();
        Thread foreign;
        try (ServerSocket listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress())) {
            Coroutine acceptor = loops[0].spawn("acceptor", () -> accept(listener, loops));
            for (int i = 0; i < CLIENTS; i++) {
                EventLoop loop = loops[i % 2];
                Random random = new Random(SEED + i);
                clients.add(loop.spawn("client-" + i, () -> {
                    do {
                        connectAndGoOn(listener, loop, random);
                    } while (System.nanoTime() - end < 0);
                }));
            }
            foreign = Thread.ofPlatform().name("foreign").start(this::disturb);
            for (Coroutine client : clients) {
                assertThat(client.join(Duration.ofSeconds(SECONDS + 60)))
                        .as(() -> client + "\n" + loops[0].dump() + loops[1].dump())
                        .isTrue();
            }
            clientsHaveEnded = true;
            foreign.join();
            acceptor.close();
        }
        for (EventLoop loop : loops) {
            Eventually.holds("no coroutine left over on " + loop, () -> loop.statistics().coroutines() == 0);
            assertThat(loop.statistics().timers()).isZero();
            loop.close();
        }
        System.out.println(answered + " answers, " + disturbed + " disturbed");
        assertThat(wrong).isEmpty();
        assertThat(answered.get()).isPositive();
        Descriptors.awaitNoneBeside(before);
    }

    // ----------------------------------------------------------------------------------------------- the server

    private static void accept(ServerSocket listener, EventLoop[] loops) throws IOException {
        for (int i = 0; ; i++) {
            Socket socket = listener.accept();
            loops[i % 3 == 0 ? 1 : 0].spawn(() -> {
                try (socket) {
                    serve(socket);
                } catch (IOException e) {
                    // The client has reset the connection.
                }
            });
        }
    }

    /** Answers each request, a length and so many bytes, with the same. */
    private static void serve(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        while (true) {
            byte[] head = in.readNBytes(4);
            if (head.length < 4) {
                return;
            }
            int length = ByteBuffer.wrap(head).getInt() >>> 8;
            if (head[3] == 1) {
                continue; // A request that gets no answer.
            }
            byte[] body = in.readNBytes(length);
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(body);
        }
    }

    // ---------------------------------------------------------------------------------------------- the clients

    private void connectAndGoOn(ServerSocket listener, EventLoop loop, Random random) throws InterruptedException {
        Plan plan = Plan.values()[random.nextInt(Plan.values().length)];
        switch (plan) {
            case BE_INTERRUPTED, HAVE_SOCKET_CLOSED, BE_CLOSED -> waitToBeDisturbed(listener, loop, plan, random);
            default -> undisturbed(listener, plan, random);
        }
    }

    private void undisturbed(ServerSocket listener, Plan plan, Random random) {
        try (Socket socket = connect(listener)) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                ask(socket, random);
                if (plan == Plan.ASK_SLOWLY) {
                    Thread.sleep(random.nextInt(3));
                }
            }
            switch (plan) {
                case HALF_CLOSE -> {
                    socket.shutdownOutput();
                    expect(socket.getInputStream().read() == -1, "an end of the stream");
                }
                case RESET -> socket.setSoLinger(true, 0);
                case TIME_OUT -> timeOut(socket, random);
                default -> {}
            }
        } catch (Exception e) {
            wrong.add(plan + ": " + e);
        }
    }

    private static Socket connect(ServerSocket listener) throws IOException {
        return new Socket(listener.getInetAddress(), listener.getLocalPort());
    }

    private void ask(Socket socket, Random random) throws IOException {
        int length = random.nextInt(20) == 0 ? random.nextInt(1 << 20) : random.nextInt(200);
        byte[] body = new byte[length];
        random.nextBytes(body);
        socket.getOutputStream().write(head(length, 0));
        if (length > 1000) {
            // The answer begins to come before all has been sent: two coroutines share the socket.
            Coroutine writer = EventLoop.current().spawn(() -> socket.getOutputStream().write(body));
            readAnswer(socket, length, body);
            joinQuietly(writer);
        } else {
            socket.getOutputStream().write(body);
            readAnswer(socket, length, body);
        }
        answered.incrementAndGet();
    }

    private void readAnswer(Socket socket, int length, byte[] body) throws IOException {
        byte[] head = socket.getInputStream().readNBytes(4);
        byte[] answer = socket.getInputStream().readNBytes(length);
        expect(Arrays.equals(head, head(length, 0)), "the head of the answer");
        expect(Arrays.equals(answer, body), "the answer");
    }

    private static void joinQuietly(Coroutine writer) throws IOException {
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] head(int length, int kind) {
        return new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) kind};
    }

    private void timeOut(Socket socket, Random random) throws IOException {
        socket.setSoTimeout(1 + random.nextInt(20));
        socket.getOutputStream().write(head(0, 1));
        try {
            wrong.add("read " + socket.getInputStream().read() + " for want of an answer");
        } catch (SocketTimeoutException e) {
            socket.setSoTimeout(0);
            ask(socket, random);
        }
    }

    /** A coroutine that waits for an answer that never comes, until somebody ends that. */
    private void waitToBeDisturbed(ServerSocket listener, EventLoop loop, Plan plan, Random random)
            throws InterruptedException {
        Socket socket = new Socket();
        boolean writes = random.nextInt(4) == 0;
        Coroutine victim = loop.spawn(() -> {
            try (socket) {
                socket.connect(listener.getLocalSocketAddress());
                socket.getOutputStream().write(head(0, 1));
                if (writes) {
                    fill(socket);
                }
                int value = socket.getInputStream().read();
                wrong.add(plan + ": read " + value);
            } catch (IOException e) {
                disturbed.incrementAndGet();
            }
        });
        Runnable disturbance = switch (plan) {
            case BE_INTERRUPTED -> victim.thread()::interrupt;
            case HAVE_SOCKET_CLOSED -> () -> closeQuietly(socket);
            default -> victim::close;
        };
        Thread.sleep(random.nextInt(5));
        if (random.nextBoolean()) {
            disturbance.run();
        } else {
            disturbances.add(disturbance);
        }
        victim.join();
    }

    /** Sends requests whose answers nobody reads, until the buffers of both ways are full. */
    private static void fill(Socket socket) throws IOException {
        byte[] body = new byte[1 << 16];
        while (true) {
            socket.getOutputStream().write(head(body.length, 0));
            socket.getOutputStream().write(body);
        }
    }

    private void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            wrong.add("close: " + e);
        }
    }

    private void expect(boolean asExpected, String what) {
        if (!asExpected) {
            wrong.add("not " + what);
        }
    }

    // ------------------------------------------------------------------------------------------- foreign threads

    /** Half of it on this platform thread, half on the JDK's own virtual threads. */
    private void disturb() {
        int count = 0;
        while (!clientsHaveEnded || !disturbances.isEmpty()) {
            Runnable disturbance = disturbances.poll();
            if (disturbance == null) {
                LockSupport.parkNanos(500_000);
            } else if (count++ % 2 == 0) {
                disturbance.run();
            } else {
                Thread.startVirtualThread(disturbance);
            }
        }
    }
}
