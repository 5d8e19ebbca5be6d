package io.github.libco4j.compatibility.run.programs;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;
import java.util.TreeSet;

/** Each sends mail to itself, and reads it. */
public final class MailClients implements Clients {
    static final int NUMBER = 40;

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public String ask(int port, int client) throws Exception {
        var settings = new Properties();
        settings.setProperty("mail.smtp.host", "127.0.0.1");
        settings.setProperty("mail.smtp.port", Integer.toString(port));
        Session session = Session.getInstance(settings);
        String address = client + "@localhost";
        for (int i = 0; i < 5; i++) {
            var message = new MimeMessage(session);
            message.setFrom(new InternetAddress(address));
            message.setRecipients(Message.RecipientType.TO, address);
            message.setSubject("number " + i);
            message.setText("of " + client);
            Transport.send(message);
        }
        var read = new TreeSet<String>();
        try (Store store = session.getStore("imap")) {
            store.connect("127.0.0.1", port + 1, Integer.toString(client), "secret");
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                for (Message message : inbox.getMessages()) {
                    read.add(message.getSubject() + " " + message.getContent().toString().strip());
                }
            }
        }
        return client + ": " + read;
    }
}
