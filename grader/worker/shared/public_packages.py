"""Packages that everybody can install: whoever imports one of these doesn't mean a file of their own.

What is missing and isn't listed here is told as a file that wasn't handed in.
"""

from __future__ import annotations

_NUMBERS = """
numpy scipy pandas sklearn sympy numba cupy statsmodels xarray dask numexpr cvxpy cvxopt networkx autograd jax jaxlib
torch torchvision torchaudio tensorflow tensorflow_probability keras theano mxnet caffe chainer flax optax haiku
pytorch_lightning lightning transformers datasets tokenizers accelerate xgboost lightgbm catboost gensim nltk spacy
gym gymnasium pymc pymc3 arviz shapely h5py tables polars pyarrow numdifftools quadpy control ot einops opt_einsum
"""
_PICTURES = """
matplotlib mpl_toolkits pylab seaborn plotly bokeh altair holoviews PIL cv2 skimage imageio graphviz pydot pygame
ipywidgets IPython ipykernel jupyter notebook nbformat google colab cycler termcolor colorama rich
"""
_OTHERS = """
six past future tqdm requests urllib3 bs4 lxml yaml toml dotenv click joblib cloudpickle dill pytest nose
mock hypothesis parameterized line_profiler memory_profiler psutil setuptools pkg_resources pip attr attrs pydantic
otter okpy client nbgrader gradescope_utils wandb tensorboard tensorboardX absl fire hydra omegaconf loguru
prettytable tabulate typing_extensions more_itertools sortedcontainers cython Cython pyximport mpi4py pyspark boto3
kaggle gdown wget dateutil pytz openpyxl xlrd django flask marimo kagglehub numpy_financial
"""
PUBLIC_PACKAGES = frozenset(f"{_NUMBERS} {_PICTURES} {_OTHERS}".split())


def is_public(module: str) -> bool:
    """Whether a module's (dotted) name belongs to a package that everybody can install."""
    return module.partition(".")[0] in PUBLIC_PACKAGES
