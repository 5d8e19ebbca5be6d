package io.github.libco4j.spring;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Says {@code spring.threads.virtual.enabled=true}, unless the application says something itself. So Boot makes an executor and a
 * scheduler that start a virtual thread for each task, wherever it makes them and under its own conditions; {@link
 * LoopAutoConfiguration} then has those threads started on loops. It runs last, when all of the application's properties are read.
 */
final class LoopEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {
    private static final String VIRTUAL_THREADS = "spring.threads.virtual.enabled";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.getProperty("libco4j.enabled", Boolean.class, true) && !environment.containsProperty(VIRTUAL_THREADS)) {
            environment.getPropertySources().addLast(new MapPropertySource("libco4j", Map.of(VIRTUAL_THREADS, true)));
        }
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
