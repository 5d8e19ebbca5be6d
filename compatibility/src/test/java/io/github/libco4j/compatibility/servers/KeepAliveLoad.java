package io.github.libco4j.compatibility.servers;

import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.Load;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own that opens so many connections, asks on all of them at once, and again as soon as an answer has come, until
 * each has had so many answers. A connection that the server closes, and a wrong answer, are failures.
 */
final class KeepAliveLoad {
    private static final double MOST_SECONDS = 200;

    private KeepAliveLoad() {}

    /** Arguments: the port, how many connections, and how many answers each has to have. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        int answers = Integer.parseInt(arguments[2]);
        List<Questions> all = new ArrayList<>();
        Conversation.Protocol protocol = number -> {
            var questions = new Questions("127.0.0.1:" + port, number);
            all.add(questions);
            return questions;
        };
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (var load = new Load(server, protocol, new Load.Shape(connections, 1, 0))) {
            load.run(0.1, MOST_SECONDS, () -> all.stream().allMatch(questions -> questions.answered() >= answers));
        }
        long least = all.stream().mapToLong(Questions::answered).min().orElseThrow();
        System.out.println(least >= answers ? "all answered" : "only " + least + " answers for one of the connections");
    }
}
