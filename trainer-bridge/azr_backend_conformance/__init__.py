"""What any trainer must do to serve `azr.v1.TrainerService`: checks that see it through its calls alone.

From the command line, for a backend in this process or a service that runs:

    python -m azr_backend_conformance --backend my_package.my_backend:make
    python -m azr_backend_conformance --service 127.0.0.1:50052

`make` takes no arguments and answers a new `TrainerBackend`. In pytest:

    @pytest.fixture(scope="module")
    def subject(tmp_path_factory):
        with subject_of_backend(make, tmp_path_factory.mktemp("conformance")) as subject:
            yield subject

    @pytest.mark.parametrize("check", CHECKS)
    def test_conformance(subject, check):
        CHECKS[check](subject)
"""

from azr_backend_conformance.checks import CHECKS
from azr_backend_conformance.expect import Failed, NotApplicable
from azr_backend_conformance.subject import Subject, subject_of_backend, subject_of_service

__all__ = ["CHECKS", "Failed", "NotApplicable", "Subject", "subject_of_backend", "subject_of_service"]
