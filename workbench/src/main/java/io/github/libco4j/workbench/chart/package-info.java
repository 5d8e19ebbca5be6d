/** Pictures of what was measured: {@link io.github.libco4j.workbench.chart.Svg} is what they are drawn with. */
@NullMarked
package io.github.libco4j.workbench.chart;

import org.jspecify.annotations.NullMarked;
