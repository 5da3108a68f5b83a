# What the guides install: Apache before SPSE; and what such servers gather over the years.
apt-get -qq install -y --no-install-recommends apache2 libapache2-mod-php php-cli vsftpd rpcbind openssl curl postgresql-plpython3-15
apt-get clean
