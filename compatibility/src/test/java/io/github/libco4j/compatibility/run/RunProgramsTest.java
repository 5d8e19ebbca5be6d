package io.github.libco4j.compatibility.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.compatibility.run.programs.FileClients;
import io.github.libco4j.compatibility.run.programs.FileServer;
import io.github.libco4j.compatibility.run.programs.H2Clients;
import io.github.libco4j.compatibility.run.programs.JettyServer;
import io.github.libco4j.compatibility.run.programs.KafkaBroker;
import io.github.libco4j.compatibility.run.programs.KafkaClients;
import io.github.libco4j.compatibility.run.programs.LineClients;
import io.github.libco4j.compatibility.run.programs.MailClients;
import io.github.libco4j.compatibility.run.programs.MailServer;
import io.github.libco4j.compatibility.run.programs.MessageBroker;
import io.github.libco4j.compatibility.run.programs.MessageClients;
import io.github.libco4j.compatibility.run.programs.NettyServer;
import io.github.libco4j.compatibility.run.programs.TomcatServer;
import io.github.libco4j.compatibility.run.programs.WebClients;
import io.github.libco4j.compatibility.run.programs.ZooKeeperClients;
import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.examples.kv.KvServer;
import io.github.libco4j.workbench.load.KeyValue;
import io.github.libco4j.workbench.load.Load;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that were written for threads answer as coroutines what they answer as threads. */
@Timeout(300)
final class RunProgramsTest {
    @TempDir
    private Path directory;

    @Test
    void h2ServesFiveHundredConnections() throws Exception {
        var trial = new RunTrial(directory, List.of(), "org.h2.tools.Server", "-tcp", "-tcpPort", "{port}", "-ifNotExists");
        RunTrial.Seen seen = trial.isTheSame((port, options) -> new H2Clients().askAll(port));
        assertThat(seen.threads()).as(seen.report()).isLessThan(60);
        assertThat(seen.report()).contains("org.h2.server.TcpServer.listen");
    }

    @Test
    void keyValueServerHasAThreadForEachConnection() throws Exception {
        var trial = new RunTrial(
                directory, List.of(), KvServer.class.getName(), "--port", "{port}", "--threads", ThreadKind.PLATFORM.toString());
        RunTrial.Seen seen = trial.isTheSame((port, options) -> {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (Load load = new Load(address, KeyValue.seeded(1), new Load.Shape(1000, 1, 0))) {
                Load.Outcome outcome = load.run(1); // Each answer is checked.
                assertThat(outcome.requests()).isPositive();
                return List.of("unanswered: " + outcome.unanswered());
            }
        });
        assertThat(seen.threads()).as(seen.report()).isLessThan(100);
    }

    @Tag("full")
    @Test
    void tomcat() throws Exception {
        RunTrial.Seen seen = new RunTrial(directory, TomcatServer.class).isTheSame((port, options) -> new WebClients().askAll(port));
        assertThat(seen.report()).contains("org.apache.tomcat.util.net");
    }

    @Tag("full")
    @Test
    void jetty() throws Exception {
        RunTrial.Seen seen = new RunTrial(directory, JettyServer.class).isTheSame((port, options) -> new WebClients().askAll(port));
        assertThat(seen.report()).contains("org.eclipse.jetty.util.thread.QueuedThreadPool");
    }

    @Tag("full")
    @Test
    void nettyIsLeftAlone() throws Exception {
        RunTrial.Seen seen = new RunTrial(directory, NettyServer.class).isTheSame((port, options) -> new LineClients().askAll(port));
        assertThat(seen.report()).contains("became coroutines: 0").contains("-io.netty.** excludes it");
    }

    @Tag("full")
    @Test
    void zooKeeper() throws Exception {
        new RunTrial(directory, List.of("-Dzookeeper.admin.enableServer=false", "-Dzookeeper.maxClientCnxns=100"),
                        ZooKeeperServerMain.class.getName(), "{port}", "{directory}")
                .isTheSame(ZooKeeperClients.class);
    }

    @Tag("full")
    @Test
    void greenMail() throws Exception {
        new RunTrial(directory, MailServer.class).isTheSame(MailClients.class);
    }

    @Tag("full")
    @Test
    void ftpServer() throws Exception {
        new RunTrial(directory, FileServer.class).isTheSame(FileClients.class);
    }

    @Tag("full")
    @Test
    void activeMq() throws Exception {
        new RunTrial(directory, MessageBroker.class).isTheSame(MessageClients.class);
    }

    @Tag("full")
    @Test
    void kafka() throws Exception {
        new RunTrial(directory, List.of("-Dkafka.logs.dir=" + directory), KafkaBroker.class.getName(), "{port}", "{directory}")
                .isTheSame(KafkaClients.class);
    }
}
