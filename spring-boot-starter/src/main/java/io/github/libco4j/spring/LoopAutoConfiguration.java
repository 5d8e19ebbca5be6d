package io.github.libco4j.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.github.libco4j.EventLoopGroup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.task.SimpleAsyncTaskExecutorCustomizer;
import org.springframework.boot.task.SimpleAsyncTaskSchedulerCustomizer;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * The group of loops, and what runs on it: requests, tasks, scheduled tasks, and the threads of the pool of JDBC connections. Boot's
 * own conditions decide whether there are these; an application's own executor, scheduler or group goes before.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "libco4j.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LoopProperties.class)
final class LoopAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(EventLoopGroup.class)
    EventLoopGroupFactoryBean eventLoopGroup(LoopProperties properties) {
        return new EventLoopGroupFactoryBean(properties);
    }

    @Bean
    SimpleAsyncTaskExecutorCustomizer loopTaskExecutorCustomizer(
            EventLoopGroup group, LoopProperties properties, Environment environment) {
        // Without a time of the application's own, tasks may end while what they use is there.
        boolean isSaid = environment.getProperty("spring.task.execution.shutdown.await-termination", Boolean.class, false);
        return executor -> {
            runOn(group, executor);
            if (!isSaid) {
                executor.setTaskTerminationTimeout(properties.shutdownTimeout().toMillis());
            }
        };
    }

    @Bean
    SimpleAsyncTaskSchedulerCustomizer loopTaskSchedulerCustomizer(EventLoopGroup group) {
        return scheduler -> runOn(group, scheduler);
    }

    private static void runOn(EventLoopGroup group, SimpleAsyncTaskExecutor executor) {
        executor.setVirtualThreads(false); // These would go before the factory.
        executor.setThreadFactory(new NamedThreadFactory(executor.getThreadNamePrefix(), group.threadFactory()));
    }

    @Bean
    TaskLifecycle loopTaskLifecycle(ConfigurableApplicationContext context) {
        return new TaskLifecycle(context);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConfigurableTomcatWebServerFactory.class)
    static class Tomcat {
        @Bean
        TomcatLoopCustomizer tomcatLoopCustomizer(EventLoopGroup group) {
            return new TomcatLoopCustomizer(group);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConfigurableJettyWebServerFactory.class)
    static class Jetty {
        @Bean
        JettyLoopCustomizer jettyLoopCustomizer(EventLoopGroup group) {
            return new JettyLoopCustomizer(group);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HikariDataSource.class)
    static class Hikari {
        @Bean
        static BeanPostProcessor hikariLoopPostProcessor(ObjectProvider<EventLoopGroup> group) {
            return new HikariLoopPostProcessor(group);
        }
    }
}
