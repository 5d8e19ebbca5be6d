package io.github.libco4j.examples.agents;

import io.github.libco4j.Coroutine;
import io.github.libco4j.Environment;
import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.mockito.MockedStatic;
import org.mockito.Mockito;

/** A program that uses everything that an agent might disturb, and prints a line for each that works. */
public final class BesideAgents {
    private static final int CLIENTS = 20;

    private BesideAgents() {}

    /** Something final, to be mocked. */
    static final class Greeter {
        private Greeter() {}

        static String greet() {
            return "hello";
        }
    }

    public static void main(String[] args) throws Exception {
        boolean mocks = args.length > 0 && args[0].equals("mocks");
        EventLoop.run(loop -> {
            switching(loop);
            environment(loop);
            sockets(loop);
            if (mocks) {
                mocking();
                environment(loop); // The mocking agent has transformed classes meanwhile.
            }
        });
    }

    private static void switching(EventLoop loop) {
        StringBuilder order = new StringBuilder();
        Coroutine inner = loop.create(() -> {
            order.append('b');
            Coroutine.yield();
            order.append('d');
        });
        order.append('a');
        inner.resume();
        order.append('c');
        inner.resume();
        System.out.println("switching " + order);
    }

    private static void environment(EventLoop loop) throws Exception {
        CountDownLatch ended = new CountDownLatch(CLIENTS);
        AtomicInteger right = new AtomicInteger();
        for (int i = 0; i < CLIENTS; i++) {
            String mine = "own " + i;
            loop.spawn(() -> {
                Environment.set("LIBCO4J_NAME", mine);
                Environment.setProperty("libco4j.name", mine);
                Thread.sleep(1);
                var child = new ProcessBuilder().environment();
                if (mine.equals(System.getenv("LIBCO4J_NAME")) && mine.equals(System.getProperty("libco4j.name"))
                        && mine.equals(child.get("LIBCO4J_NAME"))) {
                    right.incrementAndGet();
                }
                ended.countDown();
            });
        }
        ended.await();
        Environment.set("LIBCO4J_NAME", "parent's");
        Process process = new ProcessBuilder("/bin/sh", "-c", "printf %s \"$LIBCO4J_NAME\"").start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        System.out.println("environment " + right + ", child has " + printed);
    }

    private static void sockets(EventLoop loop) throws Exception {
        CountDownLatch ended = new CountDownLatch(CLIENTS);
        AtomicInteger right = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress())) {
            loop.spawn("acceptor", () -> {
                for (int i = 0; i < CLIENTS; i++) {
                    Socket accepted = server.accept();
                    Thread.startVirtualThread(() -> echo(accepted));
                }
            });
            for (int i = 0; i < CLIENTS; i++) {
                int value = i;
                loop.spawn(() -> {
                    try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                        socket.getOutputStream().write(value);
                        if (socket.getInputStream().read() == value) {
                            right.incrementAndGet();
                        }
                    } finally {
                        ended.countDown();
                    }
                });
            }
            ended.await();
        }
        System.out.println("sockets " + right);
    }

    private static void echo(Socket accepted) {
        try (accepted) {
            accepted.getOutputStream().write(accepted.getInputStream().read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mocking() {
        try (MockedStatic<Greeter> mocked = Mockito.mockStatic(Greeter.class)) {
            mocked.when(Greeter::greet).thenReturn("mocked");
            System.out.println("mocking " + Greeter.greet());
        }
    }
}
