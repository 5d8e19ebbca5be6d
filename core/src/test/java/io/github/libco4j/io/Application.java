package io.github.libco4j.io;

import io.github.libco4j.Coroutine;
import io.github.libco4j.Environment;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.Generator;
import io.github.libco4j.Interposition;
import io.github.libco4j.Signal;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.consumer.RecordingStream;

/** What a {@link Copy} runs. */
final class Application {
    private static EventLoop loop;

    private Application() {}

    private static EventLoop loop() {
        if (loop == null) {
            loop = EventLoop.builder().name("of " + Application.class.getClassLoader().getName()).daemon(true).start();
        }
        return loop;
    }

    static Future<String> spawn(Callable<?> body) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        loop().spawn(() -> {
            String what;
            try {
                what = "returned " + body.call();
            } catch (Throwable t) {
                what = "threw " + t.getClass().getSimpleName() + ": " + t.getMessage();
            }
            outcome.complete(what);
        });
        return outcome;
    }

    static String readiness() {
        return loop().statistics().readiness();
    }

    static void use(String how) throws Exception {
        switch (how) {
            case "start" -> {
                try (EventLoop own = EventLoop.builder().start()) {
                    inside(own, () -> doEverything(own));
                }
            }
            case "run" -> EventLoop.run(Application::doEverything);
            case "tick" -> {
                try (EventLoop attached = EventLoop.builder().attach()) {
                    drive(attached);
                }
                Thread driver = Thread.currentThread();
                try (EventLoop attached = EventLoop.builder().onWakeup(() -> LockSupport.unpark(driver)).attach()) {
                    drive(attached);
                }
            }
            case "group" -> {
                try (EventLoopGroup group = EventLoopGroup.builder().loops(2).start()) {
                    Coroutine coroutine = group.spawn(() -> doEverything(EventLoop.current()));
                    coroutine.join();
                }
            }
            case "blocking" -> {
                try (EventLoop own = EventLoop.builder().start()) {
                    CountDownLatch latch = new CountDownLatch(1);
                    Coroutine blocks = own.spawn(() -> Interposition.blocking(() -> latch.await(20, TimeUnit.SECONDS)));
                    own.spawn(latch::countDown).join();
                    blocks.join();
                }
            }
            case "pinned" -> {
                try (EventLoop own = EventLoop.builder().start()) {
                    inside(own, () -> Pins.value++);
                }
            }
            case "throws" -> {
                try (EventLoop own = EventLoop.builder().uncaughtExceptionHandler((t, e) -> {}).start()) {
                    Coroutine thrower = own.spawn("thrower", () -> {
                        throw new IOException("thrown");
                    });
                    thrower.thread().join();
                    own.spawn("closed", () -> new CompletableFuture<>().get());
                    own.spawn("left behind", Coroutine::yield);
                }
            }
            case "recorded" -> {
                try (EventLoop own = EventLoop.builder().start();
                        RecordingStream recording = new RecordingStream()) {
                    CountDownLatch seen = new CountDownLatch(1);
                    recording.enable("io.github.libco4j.LoopStatistics").withPeriod(Duration.ofMillis(50));
                    recording.onEvent("io.github.libco4j.LoopStatistics", _ -> seen.countDown());
                    recording.startAsync();
                    inside(own, () -> {
                        while (!seen.await(10, TimeUnit.MILLISECONDS)) {}
                    });
                }
            }
            case "environment" -> EventLoop.run(main -> {
                Environment.set("LIBCO4J_NAME", "variable");
                Environment.setProperty("libco4j.name", "property");
                require(System.getenv("LIBCO4J_NAME").equals("variable"));
                require(System.getProperty("libco4j.name").equals("property"));
            });
            default -> throw new IllegalArgumentException(how);
        }
    }

    private static void inside(EventLoop own, Coroutine.Body body) throws Exception {
        own.spawn("all", body).join();
    }

    private static void drive(EventLoop attached) {
        Coroutine coroutine = attached.spawn(() -> doEverything(attached));
        while (coroutine.state() != Coroutine.State.DONE) {
            LockSupport.parkNanos(Math.min(attached.tick(Duration.ofMillis(1)), 1_000_000));
        }
    }

    /** Something with everything that could leave a trace outside of the class loader. In a coroutine of the loop. */
    private static void doEverything(EventLoop own) throws Exception {
        socket(own);
        channels(own);
        Thread.sleep(1);
        int sum = 0;
        for (int i : Generator.<Integer>of(g -> {
            g.yield(1);
            g.yield(2);
        })) {
            sum += i;
        }
        require(sum == 3);
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        own.spawn(() -> {
            lock.lock();
            lock.unlock();
        });
        Thread.sleep(1);
        lock.unlock();
        Signal signal = new Signal();
        own.spawn(signal::signal);
        signal.await();
        Thread.ofVirtual().start(() -> {}).join();
        Interposition.disabled(() -> {
            Thread.sleep(1);
            return null;
        });
        ThreadLocal.withInitial(Object::new).get();
        ScopedValue.where(ScopedValue.newInstance(), own).run(() -> own.spawn(() -> {}));
        require(own.dump().contains("all") || !own.dump().isEmpty());
        require(own.statistics().stackSize() >= 0);
    }

    private static void socket(EventLoop own) throws IOException {
        try (ServerSocket listener = Connection.listener()) {
            own.spawn("server", () -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                }
            });
            try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                for (int i = 0; i < 3; i++) {
                    socket.getOutputStream().write(i);
                    require(socket.getInputStream().read() == i);
                }
            }
        }
    }

    private static void channels(EventLoop own) throws IOException {
        Path file = Files.createTempFile("copy", ".bin");
        Files.write(file, new byte[100_000]);
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(null);
                Selector selector = Selector.open()) {
            selector.select(1);
            own.spawn("receiver", () -> {
                try (SocketChannel channel = listener.accept()) {
                    channel.socket().getInputStream().readAllBytes();
                }
            });
            try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
                    FileChannel from = FileChannel.open(file)) {
                require(from.transferTo(0, 100_000, channel) > 0);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("does not hold");
        }
    }

    /** Its initialiser is pinned, which is logged. */
    private static final class Pins {
        static int value;

        static {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
