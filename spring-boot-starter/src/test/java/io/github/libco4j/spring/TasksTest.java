package io.github.libco4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** What an application starts by annotations, and what Boot's builder makes. */
@Timeout(120)
final class TasksTest {
    private static final int TASKS = 100;

    static class Tasks {
        private final CountDownLatch allAreIn = new CountDownLatch(TASKS);

        /** Waits for all the others, which no pool with fewer threads would bear. */
        @Async
        CompletableFuture<String> meet() throws InterruptedException {
            allAreIn.countDown();
            allAreIn.await();
            return CompletableFuture.completedFuture(Applications.whereAmI() + " " + Thread.currentThread().getName());
        }
    }

    static class Scheduler {
        final BlockingQueue<String> triggered = new LinkedBlockingQueue<>();

        @Scheduled(fixedDelay = 10)
        void afterADelay() {
            triggered.add("delay " + Applications.whereAmI());
        }

        @Scheduled(fixedRate = 10)
        void atARate() {
            triggered.add("rate " + Applications.whereAmI());
        }

        @Scheduled(cron = "* * * * * *")
        void atATime() {
            triggered.add("time " + Applications.whereAmI());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableAsync
    @EnableScheduling
    @Import({Tasks.class, Scheduler.class})
    static class WithTasks {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableAsync
    @Import(Tasks.class)
    static class WithItsOwnExecutor {
        @Bean
        Executor taskExecutor() {
            return Executors.newCachedThreadPool(task -> new Thread(task, "mine"));
        }
    }

    private static List<String> meet(ConfigurableApplicationContext application) {
        Tasks tasks = application.getBean(Tasks.class);
        List<CompletableFuture<String>> answers = IntStream.range(0, TASKS).mapToObj(i -> {
            try {
                return tasks.meet();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }).toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void asyncRunsInCoroutines() {
        try (var application = Applications.start(WithTasks.class)) {
            assertThat(meet(application)).allSatisfy(answer -> assertThat(answer).matches("loop-[01] task-\\d+"))
                    .anyMatch(answer -> answer.startsWith("loop-0"))
                    .anyMatch(answer -> answer.startsWith("loop-1"));
        }
    }

    @Test
    void anExecutorOfTheApplicationGoesBefore() {
        try (var application = Applications.start(WithItsOwnExecutor.class)) {
            assertThat(meet(application)).allSatisfy(answer -> assertThat(answer).contains("Thread[#").endsWith("mine"));
        }
    }

    @Test
    void scheduledTasksRunInCoroutines() throws InterruptedException {
        try (var application = Applications.start(WithTasks.class)) {
            Scheduler scheduler = application.getBean(Scheduler.class);
            for (String kind : List.of("delay", "rate", "time")) {
                String one = scheduler.triggered.take();
                while (!one.startsWith(kind)) {
                    one = scheduler.triggered.take();
                }
                assertThat(one).matches(kind + " loop-[01]");
            }
        }
    }

    @Test
    void whatBootsBuilderMakesRunsInCoroutines() {
        try (var application = Applications.start(WithTasks.class);
                var executor = application.getBean(SimpleAsyncTaskExecutorBuilder.class).threadNamePrefix("built-").build()) {
            String answer = executor.submitCompletable(() -> Applications.whereAmI() + " " + Thread.currentThread().getName()).join();
            assertThat(answer).matches("loop-[01] built-1");
        }
    }

    static class Resource implements DisposableBean {
        private volatile boolean open = true;

        @Async
        CompletableFuture<String> use(CountDownLatch begun) throws InterruptedException {
            begun.countDown();
            Thread.sleep(300);
            return CompletableFuture.completedFuture(open ? "open" : "closed");
        }

        @Override
        public void destroy() {
            open = false;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableAsync
    @Import(Resource.class)
    static class WithResource {}

    @Test
    void tasksEndBeforeWhatTheyUse() throws InterruptedException {
        ConfigurableApplicationContext application = Applications.start(WithResource.class);
        Resource resource = application.getBean(Resource.class);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> seen = resource.use(begun);
        begun.await();
        application.close();
        assertThat(seen.join()).isEqualTo("open");
    }
}
