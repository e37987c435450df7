/** What every experiment's report is made of: plots, tables, claims, and the page that holds them. */
package io.github.dl4jnorms.experiments.report;
