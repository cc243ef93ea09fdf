# One image for web, worker, beat and prepare; docker-compose.yml says which it is to be.
FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv && /opt/venv/bin/python -m pip install --no-cache-dir uv
COPY requirements.lock .
RUN /opt/venv/bin/uv pip install --no-cache --require-hashes --python /opt/venv/bin/python -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /data portal \
 && install --directory --owner portal --mode 0700 /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    POP_DATA_DIR=/data \
    STATIC_ROOT=/app/staticfiles
RUN python manage.py collectstatic --noinput --verbosity 0
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live/', timeout=4)"]
CMD ["gunicorn", "--config", "python:pop_network.web_server", "--bind", "0.0.0.0:8000", "pop_network.wsgi:application"]
