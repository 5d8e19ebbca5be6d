package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.libco4j.Coroutine;
import io.github.libco4j.compatibility.Row;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.SubjectTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jakarta Mail: each coroutine sends to a mailbox of its own, and fetches what it has sent. */
@Timeout(240)
final class AngusMailTest {
    static final Row ROW = new Row(
            "Angus Mail (Jakarta Mail)", Row.version("angus"), "GreenMail",
            "a message by SMTP, searched, fetched and deleted by IMAP; IDLE in 200 mailboxes",
            "session property `mail.event.executor`: `loop.asExecutor()`, or else listeners are called by threads of their own; `mail.smtp.timeout` and `mail.imap.timeout`, as on any thread");

    private static final String PASSWORD = "secret";

    /**
     * How many sessions begin at a time. The server's backlog is 50. A connection beyond it is open for the client and unknown to the
     * server, so that both wait for the other's first word: no client can help that but by its timeout.
     */
    private static final int BEGINNERS = 40;

    /** The server's program: its arguments are the ports for SMTP and IMAP. */
    static final class MailServer {
        public static void main(String[] args) throws Exception {
            String local = "127.0.0.1";
            var server = new GreenMail(new ServerSetup[] {
                new ServerSetup(Integer.parseInt(args[0]), local, ServerSetup.PROTOCOL_SMTP),
                new ServerSetup(Integer.parseInt(args[1]), local, ServerSetup.PROTOCOL_IMAP)
            });
            for (int i = 0; i < ClientTrial.COROUTINES; i++) {
                server.setUser(user(i) + "@localhost", user(i), PASSWORD);
            }
            server.start();
            ServerProcess.serve();
        }
    }

    private final int imap = ServerProcess.freePort();
    private final ServerProcess server = new ServerProcess(MailServer.class, Integer.toString(imap));
    private final ClientTrial trial = new ClientTrial(ROW);
    private final Session session = session();
    private final Semaphore mayBegin = new Semaphore(BEGINNERS);

    AngusMailTest() throws Exception {}

    @AfterEach
    void end() {
        trial.close();
        server.close();
    }

    @Tag("full")
    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        trial.steady(2, this::sendAndFetch);
        trial.killed(server, this::sendAndFetch, MessagingException.class);
    }

    @Test
    void manyMailboxesIdle() throws Exception {
        List<Coroutine> idlers = new ArrayList<>();
        for (int i = 0; i < ClientTrial.COROUTINES; i++) {
            int user = i;
            idlers.add(trial.loop().spawn("idler " + i, () -> idle(user)));
        }
        for (Coroutine idler : idlers) {
            idler.join();
        }
    }

    private void idle(int user) throws Exception {
        try (Store store = mailbox(user); Folder inbox = store.getFolder("INBOX")) {
            inbox.open(Folder.READ_ONLY);
            var news = new CompletableFuture<String>();
            inbox.addMessageCountListener(new MessageCountAdapter() {
                @Override
                public void messagesAdded(MessageCountEvent event) {
                    news.complete("heard in " + (Coroutine.current() == null ? Thread.currentThread() : "a coroutine"));
                }
            });
            Coroutine idler = trial.loop().spawn("idle " + user, () -> ((IMAPFolder) inbox).idle(true));
            do {
                send(user, "news"); // Again, in case that the first came before it idled.
            } while (!isDone(news));
            assertThat(news.get()).isEqualTo("heard in a coroutine");
            idler.join();
        }
    }

    private static boolean isDone(CompletableFuture<String> news) throws Exception {
        try {
            news.get(5, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void sendAndFetch(int coroutine, int turn) throws Exception {
        String subject = "question " + coroutine + " " + turn + ".";
        send(coroutine, subject);
        try (Store store = mailbox(coroutine); Folder inbox = store.getFolder("INBOX")) {
            inbox.open(Folder.READ_WRITE);
            Message[] found = inbox.search(new SubjectTerm(subject));
            assertThat(found).hasSize(1);
            assertThat(found[0].getContent().toString()).isEqualToIgnoringNewLines("answer to " + subject);
            found[0].setFlag(Flags.Flag.DELETED, true);
        }
    }

    private void send(int user, String subject) throws MessagingException, InterruptedException {
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress("test@localhost"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(user(user) + "@localhost"));
        message.setSubject(subject);
        message.setText("answer to " + subject);
        mayBegin.acquire();
        try {
            Transport.send(message);
        } finally {
            mayBegin.release();
        }
    }

    private Store mailbox(int user) throws MessagingException, InterruptedException {
        mayBegin.acquire();
        try {
            Store store = session.getStore("imap");
            store.connect("127.0.0.1", imap, user(user), PASSWORD);
            return store;
        } finally {
            mayBegin.release();
        }
    }

    private Session session() {
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", server.port());
        properties.put("mail.smtp.timeout", 20_000);
        properties.put("mail.imap.timeout", 20_000);
        properties.put("mail.event.executor", trial.loop().asExecutor());
        return Session.getInstance(properties);
    }

    private static String user(int i) {
        return "client" + i;
    }
}
