/** Real libraries on loops: what the pages of the documentation say of them is what these tests have found. */
package io.github.libco4j.compatibility;
