package io.github.libco4j.spring;

import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Waits for the tasks of {@code @Async} when the application ends: after the web server, which may have begun some, and before any
 * bean is destroyed that they may use.
 */
final class TaskLifecycle implements SmartLifecycle {
    /** One step behind WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE; an application need not have a web server. */
    static final int PHASE = DEFAULT_PHASE - 3 * 1024;

    private final ConfigurableApplicationContext context;
    private volatile boolean running;

    TaskLifecycle(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        // An executor that is closed stays so. A context that only stops may be started again.
        if (context.isClosed() && context.containsBean(TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME)
                && context.getBean(TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME)
                        instanceof SimpleAsyncTaskExecutor executor) {
            executor.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
