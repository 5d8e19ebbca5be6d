package io.github.libco4j.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The command line of {@code ./libco load}. */
record LoadOptions(
        InetSocketAddress server,
        Conversation.Protocol protocol,
        Load.Shape shape,
        double seconds,
        Optional<Path> plot,
        Optional<Path> histogram) {
    static final String USAGE = """
            usage: libco load echo HOST PORT [OPTIONS]   messages that should come back
                   libco load http URL [OPTIONS]         GET, by HTTP/1.1 on open connections

              --connections N    64 if not given
              --size B           of an echo's messages; 64 if not given
              --seconds S        10 if not given, after a tenth of it to warm up
              --rate R           requests per second in all; as many as are answered, if not given. With a rate,
                                 latency counts from the moment at which a request should have gone out
              --pipeline D       requests under way on each connection; 1 if not given
              --plot FILE        writes latency by percentile as an SVG picture
              --histogram FILE   writes it as HdrHistogram's own table
            """;

    /** @throws IllegalArgumentException if something is wrong with them; the message says what */
    static LoadOptions parse(String[] arguments) {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("echo or http?");
        }
        boolean echo = arguments[0].equals("echo");
        int first = echo ? 3 : 2;
        if (!echo && !arguments[0].equals("http")) {
            throw new IllegalArgumentException("no protocol is called " + arguments[0]);
        }
        if (arguments.length < first) {
            throw new IllegalArgumentException(echo ? "echo needs a host and a port" : "http needs a URL");
        }
        int connections = 64;
        int size = 64;
        int depth = 1;
        double seconds = 10;
        double rate = 0;
        Optional<Path> plot = Optional.empty();
        Optional<Path> histogram = Optional.empty();
        for (int i = first; i < arguments.length; i += 2) {
            String option = arguments[i];
            switch (option) {
                case "--connections" -> connections = whole(arguments, i, 1_000_000);
                case "--size" -> size = whole(arguments, i, 1 << 24);
                case "--pipeline" -> depth = whole(arguments, i, 65_536);
                case "--seconds" -> seconds = number(arguments, i);
                case "--rate" -> rate = number(arguments, i);
                case "--plot" -> plot = Optional.of(Path.of(value(arguments, i)));
                case "--histogram" -> histogram = Optional.of(Path.of(value(arguments, i)));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        Load.Shape shape = new Load.Shape(connections, depth, rate);
        if (echo) {
            InetSocketAddress server = address(arguments[1], port(arguments[2]));
            return new LoadOptions(server, Echo.ofSize(size), shape, seconds, plot, histogram);
        }
        URI url = URI.create(arguments[1]);
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException("not a URL that starts with http:// and a host: " + url);
        }
        InetSocketAddress server = address(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
        return new LoadOptions(server, Http.get(url), shape, seconds, plot, histogram);
    }

    private static InetSocketAddress address(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("no host is called " + host);
        }
        return address;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port: " + text, e);
        }
        throw new IllegalArgumentException("not a port: " + text);
    }

    private static int whole(String[] arguments, int option, int greatest) {
        double number = number(arguments, option);
        if (number != Math.rint(number) || number > greatest) {
            throw new IllegalArgumentException(arguments[option] + " takes a whole number up to " + greatest);
        }
        return (int) number;
    }

    private static double number(String[] arguments, int option) {
        String value = value(arguments, option);
        try {
            double number = Double.parseDouble(value);
            if (number > 0 && Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(arguments[option] + " takes a number, not " + value, e);
        }
        throw new IllegalArgumentException(arguments[option] + " takes a positive number, not " + value);
    }

    private static String value(String[] arguments, int option) {
        if (option + 1 == arguments.length) {
            throw new IllegalArgumentException(arguments[option] + " needs a value");
        }
        return arguments[option + 1];
    }
}
