# docker build -t chatsite . && docker run -p 127.0.0.1:8000:8000 -v chatsite:/data -e AIMLAPI_API_KEY chatsite

FROM python:3.13-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends binutils
COPY requirements.txt /
RUN python -m venv --without-pip /venv \
 && pip --python /venv install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt
# What settings name that isn't among the requirements, such as sentry-sdk: --build-arg EXTRAS="…"
ARG EXTRAS=
RUN test -z "$EXTRAS" || pip --python /venv install --no-cache-dir --disable-pip-version-check $EXTRAS
COPY chatsite /chatsite
# What nothing reads at run time: sources of translations and of compiled parts, tests, symbols for debuggers (libraries in
# `….libs` have been edited by patchelf, and may not be stripped), and languages that the site doesn't speak.
RUN find /venv '(' -name '*.po' -o -name '*.pyx' -o -name '*.[ch]' ')' -delete \
 && rm -r /venv/lib/python3*/site-packages/*/tests \
 && find /venv -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
 && find /venv -path '*/locale/*' -prune -type d -not -name en -not -name __pycache__ -exec \
    sh -c 'for folder; do ls -d /chatsite/locale/"${folder##*/}"* >/dev/null 2>&1 || rm -r "$folder"; done' - {} +

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data chat \
 && install --directory --owner=chat --group=chat --mode=700 /data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
RUN python -m compileall -q .

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER chat
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez/', timeout=4)"]
# Stopping takes as long as running replies may take to finish: docker stop --time 35.
CMD ["python", "manage.py", "serve"]
