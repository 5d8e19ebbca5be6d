package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.github.libco4j.support.Await;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.internal.misc.ThreadFlock;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code jcmd PID Thread.dump_to_file} writes. All coroutines wait meanwhile: to dump virtual threads that run can
 * crash the JVM, with or without libco4j.
 */
class ThreadDumpTest {
    private static final Pattern CONTAINER_OR_THREAD = Pattern.compile(
            "\"container\": \"(?<container>[^\"]*)\",\\s*\"parent\": (?<parent>null|\"[^\"]*\")|\"tid\": \"?(?<tid>\\d+)\"?");

    private record Container(String name, String parent, List<Long> threads) {}

    @TempDir
    private Path directory;

    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, Thread> threads = new LinkedHashMap<>();

    private synchronized void waits(String name) throws InterruptedException {
        threads.put(name, Thread.currentThread());
        notifyAll();
        while (end.getCount() > 0) {
            wait();
        }
    }

    private String dump(ThreadDumpFormat format) throws Exception {
        Path file = directory.resolve("threads." + format);
        Files.deleteIfExists(file);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(file.toString(), format);
        return Files.readString(file);
    }

    @Test
    void itHasEachThreadOnceInItsOwnContainer() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("dumped").start();
                ExecutorService executor = loop.asExecutor()) {
            loop.spawn("plain", () -> waits("plain"));
            executor.execute(() -> uninterrupted("of executor"));
            loop.spawn("started by hand", () -> Thread.ofVirtual().start(() -> uninterrupted("of nobody")));
            loop.spawn("with executor", () -> {
                try (ExecutorService inside = Executors.newVirtualThreadPerTaskExecutor()) {
                    inside.execute(() -> uninterrupted("of inner executor"));
                    waits("owner of executor");
                }
            });
            loop.spawn("with scope", () -> {
                try (ThreadFlock scope = ThreadFlock.open("scope")) { // As StructuredTaskScope does.
                    scope.start(Thread.ofVirtual().unstarted(() -> uninterrupted("of scope")));
                    waits("owner of scope");
                }
            });
            Await.until("all wait", this::allWait);
            try {
                List<Container> containers = containers(dump(ThreadDumpFormat.JSON).replace("\\/", "/"));
                Map<String, String> placed = threads.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, each -> placeOf(each.getValue(), containers)));
                assertThat(placed.get("plain")).startsWith("libco4j dumped/");
                assertThat(placed.get("owner of executor")).isEqualTo(placed.get("plain"));
                assertThat(placed.get("owner of scope")).isEqualTo(placed.get("plain"));
                assertThat(placed.get("of executor")).contains("ThreadPerTaskExecutor");
                assertThat(placed.get("of inner executor")).contains("ThreadPerTaskExecutor");
                assertThat(placed.get("of scope")).startsWith("scope");
                assertThat(placed.get("of nobody")).isEqualTo("<root>");
                String text = dump(ThreadDumpFormat.TEXT_PLAIN);
                threads.forEach((name, thread) -> assertThat(text.split("#" + thread.threadId() + " \""))
                        .as(name)
                        .hasSize(2));
            } finally {
                endAll();
            }
        }
    }

    @Test
    void itSaysFirstWhatEachCoroutineOfALoopIsDoing() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("dumped").start();
                ServerSocket listener = new ServerSocket(0)) {
            Coroutine accepts = loop.spawn("accepts", () -> listener.accept().close());
            Coroutine inner = loop.create("inner", () -> waits("inner"));
            Coroutine outer = loop.spawn("outer", () -> {
                inner.resume();
                Coroutine.yield();
            });
            Await.until("they wait", () -> accepts.state() == Coroutine.State.BLOCKED && outer.state() == Coroutine.State.YIELDED);
            try {
                String text = dump(ThreadDumpFormat.TEXT_PLAIN);
                assertThat(text)
                        .containsPattern("\n#\\d+ \"event loop 'dumped' \\(open, 3 coroutines\\) on thread dumped, [^\n]* ms ago\n"
                                + "  coroutine #" + inner.thread().threadId() + " 'inner' BLOCKED for \\d+ ms, waits to be unparked or notified\n"
                                + "  coroutine #" + outer.thread().threadId() + " 'outer' YIELDED for \\d+ ms, waits to be resumed\n"
                                + "  coroutine #" + accepts.thread().threadId() + " 'accepts' BLOCKED for \\d+ ms, waits [^\n\"]*\" virtual RUNNABLE ");
                assertThat(text.indexOf("event loop 'dumped'")).isLessThan(text.indexOf("#" + inner.thread().threadId() + " \"inner\""));
                assertThat(dump(ThreadDumpFormat.JSON)).containsPattern("\"name\": \"event loop 'dumped' [^\n]*'accepts' BLOCKED for ");
                assertThat(loop.statistics().coroutines()).isEqualTo(3);
            } finally {
                endAll();
            }
        }
    }

    @Test
    void itSaysHowManyCoroutinesItLeavesOut() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("dumped").start()) {
            List<Coroutine> all = new ArrayList<>();
            for (int i = 0; i < 1007; i++) {
                all.add(loop.spawn(Coroutine::yield));
            }
            Await.until("all are suspended", () -> all.getLast().state() == Coroutine.State.YIELDED);
            String text = dump(ThreadDumpFormat.TEXT_PLAIN);
            assertThat(text).contains("\n  and 7 more, which are older\" virtual ");
            assertThat(text.split("\n  coroutine #", -1)).hasSize(1001);
        }
    }

    @Test
    void itDoesNotTouchACoroutineThatRunsAGenerator() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("dumped").start()) {
            AtomicBoolean over = new AtomicBoolean();
            CountDownLatch runs = new CountDownLatch(1);
            Coroutine generates = loop.spawn("generates", () -> {
                Generator<Integer> numbers = Generator.of(yielder -> {
                    for (int i = 0; ; i++) {
                        yielder.yield(i);
                    }
                });
                while (!over.get()) {
                    numbers.next();
                    runs.countDown();
                }
            });
            Await.latch(runs);
            try {
                for (int i = 0; i < 20; i++) { // The JVM might crash.
                    assertThat(dump(ThreadDumpFormat.TEXT_PLAIN))
                            .contains("'generates' RUNNING, runs a generator, so its stack is not shown")
                            .doesNotContain("#" + generates.thread().threadId() + " \"generates\"");
                }
            } finally {
                over.set(true);
            }
        }
    }

    /** The thread whose name is what the loop does. */
    @Test
    void nothingIsLeftOfADump() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("left").start()) {
            loop.spawn(() -> {}).join();
            Await.until("it has left the loop", () -> loop.statistics().coroutines() == 0);
            List<WeakReference<Thread>> shown = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                shown.addAll(ThreadContainers.root()
                        .children()
                        .filter(container -> container.toString().startsWith("libco4j left/"))
                        .flatMap(ThreadContainer::threads)
                        .map(WeakReference::new)
                        .toList());
            }
            assertThat(shown).hasSize(3);
            Await.untilCollected("all are collected", () -> shown.stream().allMatch(thread -> thread.refersTo(null)));
        }
    }

    private void uninterrupted(String name) {
        try {
            waits(name);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private synchronized boolean allWait() {
        return threads.size() == 7
                && threads.values().stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }

    private synchronized void endAll() {
        end.countDown();
        notifyAll();
    }

    /** As the tools that read it do: a container's parent has come before it. */
    private static List<Container> containers(String json) {
        List<Container> containers = new ArrayList<>();
        Matcher found = CONTAINER_OR_THREAD.matcher(json);
        while (found.find()) {
            if (found.group("tid") != null) {
                containers.getLast().threads().add(Long.valueOf(found.group("tid")));
                continue;
            }
            String parent = found.group("parent").replace("\"", "");
            assertThat(containers.stream().map(Container::name)).doesNotContain(found.group("container"));
            if (containers.isEmpty()) {
                assertThat(parent).isEqualTo("null");
            } else {
                assertThat(containers.stream().map(Container::name)).contains(parent);
            }
            containers.add(new Container(found.group("container"), parent, new ArrayList<>()));
        }
        return containers;
    }

    private static String placeOf(Thread thread, List<Container> containers) {
        List<String> places = containers.stream()
                .flatMap(container -> container.threads().stream()
                        .filter(tid -> tid == thread.threadId())
                        .map(_ -> container.name()))
                .toList();
        assertThat(places).as(thread.toString()).hasSize(1);
        return places.getFirst();
    }
}
