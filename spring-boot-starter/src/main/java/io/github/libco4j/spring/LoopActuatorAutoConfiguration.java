package io.github.libco4j.spring;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.micrometer.LoopMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The loops' health, figures, dumps and meters, where the application has what shows them. */
@AutoConfiguration(after = LoopAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "libco4j.enabled", matchIfMissing = true)
@ConditionalOnBean(EventLoopGroup.class)
final class LoopActuatorAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("loops")
    static class HealthConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = {"loopsHealthIndicator", "loopsHealthContributor"})
        LoopHealthIndicator loopsHealthContributor(EventLoopGroup group, LoopProperties properties) {
            return new LoopHealthIndicator(group, properties.healthTimeout());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    @ConditionalOnAvailableEndpoint(LoopEndpoint.class)
    static class EndpointConfiguration {
        @Bean
        @ConditionalOnMissingBean
        LoopEndpoint loopEndpoint(EventLoopGroup group) {
            return new LoopEndpoint(group);
        }
    }

    /** Boot binds it to each registry that the application has. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class MetricsConfiguration {
        @Bean
        @ConditionalOnMissingBean
        LoopMetrics loopMetrics(EventLoopGroup group) {
            return new LoopMetrics(group);
        }
    }
}
