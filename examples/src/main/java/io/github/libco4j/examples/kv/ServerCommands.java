package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.List;

/** Commands about the server as a whole: INFO, CONFIG, COMMAND, DBSIZE, FLUSHDB, FLUSHALL. */
final class ServerCommands {
    /** No HELLO, so a client that asks for RESP3 takes this for a Redis 5 and stays with RESP2. */
    private static final String COMPATIBLE_VERSION = "5.0.14";

    private final Store store;
    private final ServerStatistics statistics;
    private final CommandTable table;

    ServerCommands(Store store, ServerStatistics statistics, CommandTable table) {
        this.store = store;
        this.statistics = statistics;
        this.table = table;
    }

    void addTo(CommandTable target) {
        target.add("INFO", -1, this::info);
        target.add("CONFIG", -2, this::config);
        target.add("COMMAND", -1, this::command);
        target.add("DBSIZE", 1, (arguments, session) -> session.reply().integer(store.size()));
        target.add("FLUSHDB", -1, this::flush);
        target.add("FLUSHALL", -1, this::flush);
    }

    private void info(Arguments arguments, Session session) throws IOException {
        session.reply().bulk(String.join("\r\n",
                "# Server",
                "redis_version:" + COMPATIBLE_VERSION,
                "redis_mode:standalone",
                "tcp_port:" + statistics.port(),
                "uptime_in_seconds:" + statistics.uptimeSeconds(),
                "",
                "# Clients",
                "connected_clients:" + statistics.connectedClients(),
                "",
                "# Stats",
                "total_connections_received:" + statistics.acceptedConnections(),
                "",
                "# Keyspace",
                "db0:keys=" + store.size(),
                ""));
    }

    /** Nothing can be configured; the two parameters that redis-benchmark prints say that nothing is saved. */
    private void config(Arguments arguments, Session session) throws IOException {
        if (!arguments.is(1, "GET") || arguments.count() != 3) {
            throw new CommandException("ERR CONFIG knows only GET and one parameter");
        }
        ReplyWriter reply = session.reply();
        if (arguments.is(2, "SAVE")) {
            reply.arrayOf(2);
            reply.bulk("save");
            reply.bulk("");
        } else if (arguments.is(2, "APPENDONLY")) {
            reply.arrayOf(2);
            reply.bulk("appendonly");
            reply.bulk("no");
        } else {
            reply.arrayOf(0);
        }
    }

    /** Clients ask for the commands' documentation; there is none but the count. */
    private void command(Arguments arguments, Session session) throws IOException {
        if (arguments.count() == 2 && arguments.is(1, "COUNT")) {
            session.reply().integer(table.size());
        } else {
            session.reply().bulks(List.of());
        }
    }

    private void flush(Arguments arguments, Session session) throws IOException {
        boolean plain = arguments.count() == 1;
        if (!plain && !(arguments.count() == 2 && (arguments.is(1, "ASYNC") || arguments.is(1, "SYNC")))) {
            throw CommandException.syntaxError();
        }
        store.clear();
        session.reply().ok();
    }
}
