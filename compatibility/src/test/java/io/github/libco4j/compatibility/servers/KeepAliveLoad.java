package io.github.libco4j.compatibility.servers;

import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.Load;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own. For each line of its input, which is a number, it opens so many connections, asks on all of them at once, and
 * again as soon as an answer has come, until each has had its answers. A connection that the server closes, and a wrong answer, are
 * failures.
 */
final class KeepAliveLoad {
    private static final double MOST_SECONDS = 200;

    private KeepAliveLoad() {}

    /** Arguments: the port, and how many answers each connection has to have. */
    public static void main(String[] arguments) throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        int answers = Integer.parseInt(arguments[1]);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(load(server, Integer.parseInt(line), answers));
        }
    }

    private static String load(InetSocketAddress server, int connections, int answers) throws IOException {
        List<Questions> all = new ArrayList<>();
        Conversation.Protocol protocol = number -> {
            var questions = new Questions("127.0.0.1:" + server.getPort(), number);
            all.add(questions);
            return questions;
        };
        try (var load = new Load(server, protocol, new Load.Shape(connections, 1, 0))) {
            load.run(0.1, MOST_SECONDS, () -> all.stream().allMatch(questions -> questions.answered() >= answers));
        }
        long least = all.stream().mapToLong(Questions::answered).min().orElseThrow();
        return least >= answers ? "all answered" : "only " + least + " answers for one of the connections";
    }
}
