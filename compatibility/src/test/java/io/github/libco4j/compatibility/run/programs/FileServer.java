package io.github.libco4j.compatibility.run.programs;

import java.util.List;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/** {@code PORT DIRECTORY}: Apache FtpServer with one user. */
public final class FileServer {
    private FileServer() {}

    public static void main(String[] arguments) throws Exception {
        var factory = new FtpServerFactory();
        var listener = new ListenerFactory();
        listener.setServerAddress("127.0.0.1");
        listener.setPort(Integer.parseInt(arguments[0]));
        factory.addListener("default", listener.createListener());
        var limits = new ConnectionConfigFactory();
        limits.setMaxLogins(100);
        factory.setConnectionConfig(limits.createConnectionConfig());
        var user = new BaseUser();
        user.setName("user");
        user.setPassword("secret");
        user.setHomeDirectory(arguments[1]);
        user.setAuthorities(List.of(new WritePermission()));
        factory.getUserManager().save(user);
        factory.createServer().start();
    }
}
