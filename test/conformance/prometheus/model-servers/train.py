"""Trains a small classifier on the data set that scikit-learn brings along; the argument is the file to write it to."""
import sys

import joblib
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

data = load_breast_cancer()
joblib.dump(make_pipeline(StandardScaler(), LogisticRegression()).fit(data.data, data.target), sys.argv[1])
