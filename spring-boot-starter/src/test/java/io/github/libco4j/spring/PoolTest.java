package io.github.libco4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The threads of the pool of JDBC connections. */
@Timeout(120)
final class PoolTest {
    private static final String URL = "spring.datasource.url=jdbc:h2:mem:pool";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithPool {}

    @Configuration(proxyBeanMethods = false)
    @Import(WithPool.class)
    static class WithItsOwnThreads {
        static final ThreadFactory MINE = task -> Thread.ofPlatform().daemon().name("mine").unstarted(task);

        @Bean
        DataSource pool() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl("jdbc:h2:mem:mine");
            pool.setThreadFactory(MINE);
            return pool;
        }
    }

    private static List<String> threadsOfPools() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.matches(".*Pool-\\d+:.*")).toList();
    }

    private static void connect(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void areCoroutines() throws SQLException {
        try (var application = Applications.start(WithPool.class, URL)) {
            HikariDataSource pool = application.getBean(HikariDataSource.class);
            connect(pool);
            assertThat(threadsOfPools()).isEmpty();
            assertThat(pool.getThreadFactory().newThread(() -> {}).getName()).matches("loop-[01]-\\d+");
        }
    }

    @Test
    void arePlatformThreadsIfSwitchedOff() throws SQLException {
        try (var application = Applications.start(WithPool.class, URL, "libco4j.enabled=false")) {
            connect(application.getBean(HikariDataSource.class));
            assertThat(threadsOfPools()).isNotEmpty();
        }
    }

    @Test
    void thoseThatTheApplicationGivesStay() throws SQLException {
        try (var application = Applications.start(WithItsOwnThreads.class)) {
            connect(application.getBean(DataSource.class));
            assertThat(application.getBean(HikariDataSource.class).getThreadFactory()).isSameAs(WithItsOwnThreads.MINE);
        }
    }
}
