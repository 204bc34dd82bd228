# BCa intervals of 24 means with boot and boot.ci, influence values given. One line on stdin is one run.
suppressPackageStartupMessages(library(boot))
given <- commandArgs(trailingOnly = TRUE)
scores <- as.matrix(read.csv(given[1], header = FALSE))
resamples <- as.integer(given[2])
means <- function(data, rows) colMeans(data[rows, , drop = FALSE])

run <- function() {
  started <- proc.time()[["elapsed"]]
  drawn <- boot(scores, means, R = resamples)
  ends <- t(sapply(seq_len(ncol(scores)), function(column) {
    influence <- scores[, column] - mean(scores[, column])
    boot.ci(drawn, type = "bca", index = column, L = influence)$bca[4:5]
  }))
  list(milliseconds = 1000 * (proc.time()[["elapsed"]] - started), ends = ends)
}

invisible(run())
cat(sprintf('{"name": "R %s.%s, boot %s"}\n', R.version$major, R.version$minor, packageVersion("boot")))
flush(stdout())
input <- file("stdin", "r")
while (length(readLines(input, n = 1)) > 0) {
  one <- run()
  rows <- apply(one$ends, 1, function(row) sprintf("[%.12g, %.12g]", row[1], row[2]))
  cat(sprintf('{"milliseconds": %.3f, "ends": [%s]}\n', one$milliseconds, paste(rows, collapse = ", ")))
  flush(stdout())
}
