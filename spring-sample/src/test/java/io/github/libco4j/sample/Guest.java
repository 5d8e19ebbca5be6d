package io.github.libco4j.sample;

import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.WrongAnswerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One client, on a connection that stays open: by turns it writes an entry, and reads it again. Each answer must be the right one. */
final class Guest implements Conversation {
    private static final int MAX_ANSWER = 4096;
    private static final Pattern ANSWER = Pattern.compile(
            "HTTP/1\\.1 (\\d+) .*?\r\ncontent-length: (\\d+)\r\n.*?\r\n\r\n(.*)", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

    private final String name;
    private String written = "";

    Guest(int number) {
        name = "guest-" + number;
    }

    @Override
    public int requestSize() {
        return MAX_ANSWER;
    }

    @Override
    public int answerSize() {
        return MAX_ANSWER;
    }

    private static boolean writes(long number) {
        return number % 2 == 0;
    }

    /** As the application answers, up to the entry's number. */
    private String entry(long number) {
        return String.format(Locale.ROOT, "{\"guest\":\"%s\",\"text\":\"%d\"", name, number);
    }

    @Override
    public void putRequest(ByteBuffer to, long number) {
        String request;
        if (writes(number)) {
            String body = entry(number) + "}";
            request = "POST /entries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body;
        } else {
            Matcher id = ID.matcher(written);
            if (!id.find()) {
                throw new AssertionError("no id in " + written);
            }
            request = "GET /entries/" + id.group(1) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        }
        to.put(request.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean takeAnswer(ByteBuffer from, long number) throws WrongAnswerException {
        String text = StandardCharsets.US_ASCII.decode(from.duplicate()).toString();
        Matcher answer = ANSWER.matcher(text);
        if (!answer.matches() || answer.group(3).length() < Integer.parseInt(answer.group(2))) {
            return false;
        }
        String body = answer.group(3).substring(0, Integer.parseInt(answer.group(2)));
        from.position(from.position() + answer.start(3) + body.length());
        boolean right = writes(number)
                ? answer.group(1).equals("201") && body.startsWith(entry(number) + ",\"id\":")
                : answer.group(1).equals("200") && body.equals(written);
        if (!right) {
            throw new WrongAnswerException(name + ", answer " + number + ": " + text);
        }
        written = body;
        return true;
    }
}
