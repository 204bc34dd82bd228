"""BCa intervals of 24 means with scipy.stats.bootstrap, vectorised over the means. One line on stdin is one run."""

import json
import sys
import time

import numpy
import scipy
from scipy.stats import bootstrap

scores = numpy.array(json.load(open(sys.argv[1])))
resamples = int(sys.argv[2])
batches = [50, 100, 200, 500, 2000]


def run(batch, seed):
    started = time.perf_counter()
    result = bootstrap(
        (scores,),
        numpy.mean,
        axis=0,
        vectorized=True,
        n_resamples=resamples,
        batch=batch,
        method="BCa",
        random_state=seed,
    )
    seconds = time.perf_counter() - started
    interval = result.confidence_interval
    return 1000 * seconds, numpy.stack([interval.low, interval.high], axis=1)


# The best of the batch sizes, each tried twice before the measured runs.
best = min(batches, key=lambda batch: min(run(batch, seed)[0] for seed in (1, 2)))
print(json.dumps({"name": f"SciPy {scipy.__version__}, NumPy {numpy.__version__}, best batch {best}"}), flush=True)
for seed, _ in enumerate(sys.stdin):
    milliseconds, ends = run(best, seed)
    print(json.dumps({"milliseconds": milliseconds, "ends": ends.tolist()}), flush=True)
