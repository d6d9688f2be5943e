# The daemon and the task of a container job in one image; docs/creations.md tells how they are run.
#
#   docker build -t shortsd .
#   docker run --detach --name shortsd shortsd                the daemon
#   docker exec shortsd shortsctl make "a topic"              asks it
#   docker run shortsd shortsd.task ID --storage s3://books   one creation, to its end
#
# FFmpeg comes in a wheel (imageio-ffmpeg), as espeak-ng and the fonts do: nothing of the system is installed, and
# nothing is fetched when it runs.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md ./
COPY shortsd shortsd
COPY shorts_tui shorts_tui
RUN python -m venv /opt/shortsd
RUN /opt/shortsd/bin/python -m pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt .

FROM python:3.12-slim
# The folder has to be there and be the user's: as such Docker makes a new volume that is mounted there.
RUN useradd --create-home --uid 10001 shortsd && install --directory --owner shortsd --group shortsd /home/shortsd/home
COPY --from=build /opt/shortsd /opt/shortsd
ENV PATH=/opt/shortsd/bin:$PATH PYTHONUNBUFFERED=1 SHORTSD_HOME=/home/shortsd/home
USER 10001
WORKDIR /home/shortsd
ENTRYPOINT ["python", "-m"]
CMD ["shortsd"]
