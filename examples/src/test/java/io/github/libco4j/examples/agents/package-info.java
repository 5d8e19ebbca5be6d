/** The agent beside agents of other makers, each in a JVM of its own. */
package io.github.libco4j.examples.agents;
