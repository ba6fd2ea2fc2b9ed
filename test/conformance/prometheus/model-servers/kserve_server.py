"""Serves the classifier of a file with KServe's Python SDK; the first argument is the file, the rest KServe's own."""
import argparse
import sys

import joblib
import numpy
from kserve import Model, ModelServer, model_server


class Classifier(Model):
    def __init__(self, name, path):
        super().__init__(name)
        self.pipeline = joblib.load(path)
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        rows = numpy.asarray(payload["instances"], dtype=float)
        return {"predictions": self.pipeline.predict(rows).tolist()}


if __name__ == "__main__":
    path = sys.argv.pop(1)
    parser = argparse.ArgumentParser(parents=[model_server.parser])
    parser.parse_known_args()
    ModelServer().start([Classifier("bc", path)])
