package io.github.libco4j.inventory;

import io.github.libco4j.Interposition;
import io.github.libco4j.inventory.BlockingCall.Step;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a call that is to block finds around it: files, pipes, and whoever ends its wait. Not for several threads at once. */
public final class Scene implements AutoCloseable {
    /** More than any pipe takes. */
    static final byte[] MUCH = new byte[1 << 20];

    private static final ThreadLocal<@Nullable Scene> CURRENT = new ThreadLocal<>();
    private static final ReadWriteLock TURNS = new ReentrantReadWriteLock();
    private static final BlockingQueue<Path> PIPES = new LinkedBlockingQueue<>();

    private final Path directory;
    private final List<Step> releases = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private Lock turn = TURNS.readLock();
    private final CountDownLatch begun = new CountDownLatch(1);
    private SlowKernel.@Nullable Kind slow;
    private volatile boolean over;
    private Step inside = () -> {};

    /** A bracket, so that no class has to be loaded when the call begins. */
    private Step before = () -> Interposition.blocking(() -> null);

    Scene(Path parent) throws IOException {
        directory = Files.createTempDirectory(parent, "scene");
    }

    /** Makes named pipes for all scenes. */
    static void makePipes(Path parent, int count) throws IOException, InterruptedException {
        List<Path> pipes = IntStream.range(0, count).mapToObj(i -> parent.resolve("pipe" + i)).toList();
        List<String> command = new ArrayList<>(List.of("mkfifo"));
        pipes.forEach(pipe -> command.add(pipe.toString()));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("no named pipes can be made in " + parent);
        }
        PIPES.addAll(pipes);
    }

    /** A file that is not there yet. */
    Path path(String name) {
        return directory.resolve(name);
    }

    /** A file of some pages. */
    Path file() throws IOException {
        return Files.write(path("file"), new byte[1 << 14]);
    }

    /** A named pipe that nobody has opened: to open it blocks. */
    Path unopenedPipe() {
        return PIPES.remove();
    }

    /** A named pipe that is opened without delay, but has nothing to read until the wait is ended. */
    Path emptyPipe() throws IOException {
        Path pipe = unopenedPipe();
        RandomAccessFile other = closing(new RandomAccessFile(pipe.toFile(), "rw"));
        endedBy(() -> other.write("12345678\n".getBytes(StandardCharsets.US_ASCII)));
        return pipe;
    }

    /** A named pipe that is opened without delay, and does not take {@link #MUCH} until the wait is ended. */
    Path fullPipe() throws IOException {
        Path pipe = unopenedPipe();
        RandomAccessFile other = closing(new RandomAccessFile(pipe.toFile(), "rw"));
        endedBy(() -> {
            for (int left = MUCH.length; left > 0; ) {
                left -= other.read(new byte[1 << 16]);
            }
        });
        return pipe;
    }

    /** What ends the wait, some time after it has begun, on a thread of its own. */
    void endedBy(Step release) {
        releases.add(release);
    }

    /** The call's first system call of that kind is slow. */
    void slow(SlowKernel.Kind kind) {
        slow = kind;
    }

    /** What is closed at the end. */
    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** No other call is tried meanwhile, for this one would hold it up. */
    void alone() {
        turn = TURNS.writeLock();
    }

    /** Is held while the call is tried. */
    Lock turn() {
        return turn;
    }

    /** What the coroutine does before the call. */
    void before(Step step) {
        before = step;
    }

    /** What the class initialiser does that the call runs. */
    void inside(Step step) {
        inside = step;
    }

    /** Runs on the calling thread what was said by {@link #inside}. */
    public static void runInside() {
        try {
            Scene scene = CURRENT.get();
            if (scene != null) {
                scene.inside.run();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tells code below which scene it is in. */
    void enter() {
        CURRENT.set(this);
    }

    /** Starts the thread that ends the wait once the call has begun. */
    void ready() {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                begun.await();
                Thread.sleep(SlowKernel.HELD_MILLIS);
                for (Step release : releases) {
                    release.run();
                }
            } catch (Exception e) {
                if (!over) {
                    failures.add(e);
                }
            }
        });
    }

    boolean isTriable() {
        return slow == null || SlowKernel.isThere();
    }

    /** To be run by the coroutine before the call. */
    void prelude() throws Exception {
        before.run();
    }

    /** Makes the call. */
    void play(Step call) throws Exception {
        enter();
        begun.countDown();
        if (slow != null) {
            SlowKernel.holdNext(slow);
        }
        try {
            call.run();
        } finally {
            over = true;
        }
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("the wait was not ended", failures.remove());
        }
    }
}
