package io.github.libco4j.spring;

import io.github.libco4j.EventLoopGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why an application on loops does not start, and every way to start it. */
final class LoopsUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<LoopsUnavailableException> {
    static final String OPEN_JAVA_LANG = """
            Open java.lang to libco4j, in one of these ways:

                An executable jar: put this line into its manifest, and start it with 'java -jar' as before.
                    Add-Opens: java.base/java.lang
                  Maven, in pom.xml: maven-jar-plugin, <archive><manifestEntries><Add-Opens>java.base/java.lang</Add-Opens>
                  Gradle: bootJar { manifest { attributes 'Add-Opens': 'java.base/java.lang' } }

                mvn spring-boot:run: in the configuration of spring-boot-maven-plugin
                    <jvmArguments>--add-opens=java.base/java.lang=ALL-UNNAMED</jvmArguments>

                gradle bootRun:
                    bootRun { jvmArgs '--add-opens=java.base/java.lang=ALL-UNNAMED' }

                Any other start, tests included: give java the option, or set it in the environment
                    JDK_JAVA_OPTIONS=--add-opens=java.base/java.lang=ALL-UNNAMED

            Or set libco4j.enabled=false to run on threads.""";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, LoopsUnavailableException cause) {
        boolean open = Object.class.getModule().isOpen("java.lang", EventLoopGroup.class.getModule());
        return open
                ? new FailureAnalysis(cause.getMessage(), "Use a JDK that libco4j supports, or set libco4j.enabled=false to run on threads.", cause)
                : new FailureAnalysis("libco4j makes event loops for requests and tasks, and cannot reach java.lang of this JVM, which was"
                        + " started without the option that opens it.", OPEN_JAVA_LANG, cause);
    }
}
