package io.github.libco4j.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.github.libco4j.EventLoopGroup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * The threads with which HikariCP makes, looks after and closes its connections are coroutines, unless the application has given a
 * pool threads itself. A pool makes them at the first connection, and then cannot take others.
 */
final class HikariLoopPostProcessor implements BeanPostProcessor {
    private final ObjectProvider<EventLoopGroup> group;

    HikariLoopPostProcessor(ObjectProvider<EventLoopGroup> group) {
        this.group = group;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool && !pool.isRunning()
                && pool.getThreadFactory() == null && pool.getScheduledExecutor() == null) {
            pool.setThreadFactory(group.getObject().threadFactory());
        }
        return bean;
    }
}
