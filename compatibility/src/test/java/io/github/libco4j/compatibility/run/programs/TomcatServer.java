package io.github.libco4j.compatibility.run.programs;

import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** {@code PORT DIRECTORY}: an embedded Tomcat as it comes. */
public final class TomcatServer {
    private TomcatServer() {}

    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[1]);
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.getConnector();
        Context context = tomcat.addContext("", Files.createTempDirectory("tomcat").toString());
        Tomcat.addServlet(context, "application", new WebApplication()).addMapping("/");
        tomcat.start();
        tomcat.getServer().await();
    }
}
