"""The steps of a short, each one async function over ports, and the pipeline that runs them in order."""
