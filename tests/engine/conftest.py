from tests.engines import engine as engine
