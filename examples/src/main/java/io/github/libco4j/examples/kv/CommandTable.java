package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** All commands by name. Filled before the first connection and only read afterwards. */
final class CommandTable {
    private static final int MAX_ECHOED = 128;

    private final Map<Bytes, Command> commands = new HashMap<>();
    private final Store store;

    private CommandTable(Store store) {
        this.store = store;
    }

    /** Every command there is, on {@code store}. */
    static CommandTable of(Store store, ServerStatistics statistics) {
        var table = new CommandTable(store);
        new ConnectionCommands().addTo(table);
        new ServerCommands(store, statistics, table).addTo(table);
        new KeyCommands(store).addTo(table);
        new StringCommands(store).addTo(table);
        new CounterCommands(store).addTo(table);
        new ListCommands(store).addTo(table);
        new SetCommands(store).addTo(table);
        new HashCommands(store).addTo(table);
        new SortedSetCommands(store).addTo(table);
        return table;
    }

    /** Adds a command; see {@link Command} for its arity. */
    void add(String name, int arity, Command.Handler handler) {
        var command = new Command(name.toLowerCase(Locale.ROOT), arity, handler);
        if (commands.put(Bytes.ascii(name), command) != null) {
            throw new IllegalArgumentException("two commands are named " + name);
        }
    }

    int size() {
        return commands.size();
    }

    /** Does what the request asks for, or throws the error it is answered with. */
    void execute(Arguments request, Session session) throws IOException {
        Command command = commands.get(request.name());
        if (command == null) {
            throw unknown(request);
        }
        store.sweepSome();
        command.execute(request, session);
    }

    private static CommandException unknown(Arguments request) {
        var message = new StringBuilder("ERR unknown command '").append(shortened(request.text(0)))
                .append("', with args beginning with: ");
        for (int i = 1; i < request.count() && message.length() < MAX_ECHOED; i++) {
            message.append('\'').append(shortened(request.text(i))).append("' ");
        }
        return new CommandException(message.toString());
    }

    private static String shortened(String text) {
        return text.length() <= MAX_ECHOED ? text : text.substring(0, MAX_ECHOED);
    }
}
