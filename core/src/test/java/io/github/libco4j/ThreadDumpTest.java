package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.github.libco4j.support.Await;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.internal.misc.ThreadFlock;
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
